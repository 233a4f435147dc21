import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Capability, capabilityNumber, missingOf } from '../src/capabilities.js';
import { neededCapabilities } from '../src/needed-capabilities.js';
import { compileObject } from './compile-fixture.js';
import { hasNativeKernel } from './native-kernel.js';

const LOAD_EACH = fileURLToPath(new URL('load-each.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ebpm-capabilities-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What only attaching asks for: loading such a program goes without. */
const FOR_ATTACHING: readonly (readonly [section: RegExp, capability: Capability])[] = [
  [/^tp\//, 'CAP_DAC_READ_SEARCH'],
  [/^socket$/, 'CAP_NET_RAW'],
  [/^cgroup_skb/, 'CAP_NET_ADMIN'],
];

interface Loaded {
  readonly section: string;
  readonly missing?: readonly Capability[];
  readonly error?: string;
}

/** What comes of loading each program as nobody with these capabilities and no others. */
function loadEach(held: readonly Capability[]): readonly Loaded[] {
  const path = join(folder, 'kinds.o');
  writeFileSync(path, compileObject('kinds'));
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  const names = ['-all', ...held.map((name) => `+cap_${capabilityNumber(name)}`)].join(',');
  const user = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--inh-caps', names, '--ambient-caps', names];
  return JSON.parse(
    execFileSync('setpriv', [...user, process.execPath, LOAD_EACH, path], { encoding: 'utf8', cwd: '/' }),
  );
}

describe.skipIf(!hasNativeKernel)('neededCapabilities()', () => {
  it.each<{ held: readonly Capability[] }>([
    { held: ['CAP_BPF', 'CAP_PERFMON'] },
    { held: ['CAP_BPF', 'CAP_NET_ADMIN'] },
    { held: [] },
  ])('neededCapabilities() is what the kernel asks for of a process with $held', ({ held }) => {
    const results = loadEach(held);
    expect(results.length).toBeGreaterThan(20);
    const wanted = results.map(({ section }) => {
      const needed = neededCapabilities([section]);
      const missing = missingOf(needed, new Set(held));
      const isOnlyForAttaching = missing.every((name) =>
        FOR_ATTACHING.some(([of, one]) => of.test(section) && one === name),
      );
      return { section, missing: isOnlyForAttaching ? [] : missing };
    });
    expect(results).toEqual(wanted);
  });
});
