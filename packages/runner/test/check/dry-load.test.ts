import { kernelCapabilities, missingForBpf } from '@ebpm/loader';
import { CheckedObject } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileSource } from '../../../../test/support/compile-source.js';
import { dryLoad } from '../../src/check/dry-load.js';
import type { RunnablePackage } from '../../src/runnable-package.js';
import { optionsPackage } from '../options-package.js';

const privileged = missingForBpf(kernelCapabilities()).length === 0;

function packageOf(source: string): RunnablePackage {
  const checked = CheckedObject.read(compileSource(source));
  return { ...optionsPackage(), checked, object: checked.object };
}

describe('dryLoad()', () => {
  it.runIf(privileged)('dryLoad() says that the verifier took what it took', () => {
    expect(dryLoad(packageOf('SEC("socket") int fine(void *ctx) { return 0; }'))).toEqual([
      {
        code: 'load',
        subject: 'load',
        outcome: 'ok',
        certainty: 'proved',
        reason: 'the verifier took the programs; nothing was attached',
      },
    ]);
  });

  it.runIf(privileged)(
    'dryLoad() tells while everything is in the kernel, and goes no further where that throws',
    () => {
      const pkg = packageOf('SEC("socket") int fine(void *ctx) { return 0; }');
      const onLoaded = () => {
        throw new Error('the log is full');
      };
      expect(() => dryLoad(pkg, { onLoaded })).toThrow('the log is full');
    },
  );

  it.runIf(privileged)('dryLoad() has the telling lines of what the verifier refused', () => {
    const source = 'SEC("socket") int wrong(void *ctx) { return *(int *)(bpf_get_prandom_u32() + 8L); }';
    let isLoaded = false;
    const onLoaded = () => {
      isLoaded = true;
    };
    const [finding, ...others] = dryLoad(packageOf(source), { onLoaded });
    expect(isLoaded).toBe(false);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'load', program: 'wrong', outcome: 'missing', certainty: 'proved' });
    expect(finding?.log?.at(-1)).toContain('invalid mem access');
  });

  it('dryLoad() loads nothing that would leave a pinned map behind', () => {
    const source = `struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, int);
      __uint(pinning, LIBBPF_PIN_BY_NAME); } kept SEC(".maps");
      SEC("socket") int fine(void *ctx) { int key = 0; return bpf_map_lookup_elem(&kept, &key) ? 1 : 0; }`;
    expect(dryLoad(packageOf(source))).toMatchObject([
      { outcome: 'unknown', reason: 'map "kept" is pinned when it is loaded, which would stay behind' },
    ]);
  });
});
