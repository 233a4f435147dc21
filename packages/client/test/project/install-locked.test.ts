import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lockfile } from '@ebpm/schemas';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Http } from '../../src/http.js';
import { Installed } from '../../src/installed.js';
import type { PackageRegistry } from '../../src/package-registry.js';
import { installLocked, type LockedResult } from '../../src/project/install-locked.js';
import { RegistryClient } from '../../src/registry-client.js';
import { StorePaths } from '../../src/store-paths.js';
import { refused } from '../refused.js';
import { RegistryDouble } from '../registry-double.js';
import { samplePackage } from '../sample-package.js';
import { temporaryHome } from '../temporary-home.js';

const TOOL = samplePackage();
const NEWER = samplePackage({ version: '1.1.0', content: 'newer' });

let registry: RegistryDouble;
let http: Http;
let home: string;
beforeEach(async () => {
  registry = (await new RegistryDouble().open()).add(TOOL).add(NEWER);
  http = new Http({ userAgent: 'ebpm/test' });
  home = temporaryHome();
});
afterEach(async () => {
  await http.close();
  await registry.close();
});

function lockfile({ name, version, digest } = TOOL): Lockfile {
  return { lockfile: 1, requires: {}, packages: { [name]: { version, digest, registry: registry.url } } };
}

type Changes = { readonly ebpmVersion?: string; readonly registryAt?: (url: string) => PackageRegistry };

function install(sample = TOOL, changes: Changes = {}): Promise<readonly LockedResult[]> {
  return installLocked(lockfile(sample), {
    home,
    registryAt: (url) => new RegistryClient(http, url),
    machine: { arch: 'x86_64' },
    ebpmVersion: '0.1.0',
    now: () => new Date(),
    ...changes,
  });
}

const takeAway = () => rmSync(join(home, 'installed'), { recursive: true });

describe('installLocked()', () => {
  it('asks nobody for what is in the store, once it was installed from there', async () => {
    const [first] = await install();
    const asked = registry.asked.length;
    takeAway();
    const [second] = await install();
    expect(second).toEqual({ installed: first?.installed, already: false });
    expect(await new Installed(home).version(TOOL.name, TOOL.version)).toEqual(first?.installed);
    expect(registry.asked).toHaveLength(asked);
  });

  it('looks again into an archive that another version of this program has looked into', async () => {
    await install();
    const asked = registry.asked.length;
    takeAway();
    await install(TOOL, { ebpmVersion: '0.2.0' });
    expect(registry.asked.length).toBeGreaterThan(asked);
  });

  it('downloads again what was damaged in the store', async () => {
    await install();
    takeAway();
    writeFileSync(new StorePaths(home).archive(TOOL.digest), 'other');
    const [result] = await install();
    expect(result?.already).toBe(false);
    expect(await new Installed(home).wholeArchive((result as LockedResult).installed)).toBeDefined();
  });

  it('puts nothing back that was revoked since', async () => {
    await install();
    takeAway();
    const revocations = async () => ({
      time: '2026-01-02T03:04:05Z',
      seq: 1,
      hash: '0'.repeat(64),
      keys: new Set<string>(),
      digests: new Set([TOOL.digest]),
      packages: new Set<string>(),
    });
    const registryAt = (url: string) => Object.assign(new RegistryClient(http, url), { revocations });
    await expect(install(TOOL, { registryAt: registryAt as never })).rejects.toEqual(refused('EBPM_TAKEN_DOWN'));
    expect(existsSync(join(home, 'installed/sigsnoop@1.0.0.tar'))).toBe(false);
  });

  it('leaves a bare name to the version that it stands for', async () => {
    const here = new Installed(home);
    await install();
    expect([await here.current('sigsnoop'), await here.givenTo('sigsnoop')]).toEqual(['1.0.0', undefined]);
    await install(NEWER);
    expect([await here.current('sigsnoop'), await here.givenTo('sigsnoop')]).toEqual(['1.0.0', '1.0.0']);
  });

  it('says how to find out which is right, where other bytes are installed than the lockfile names', async () => {
    await install();
    const wrong = { ...TOOL, digest: NEWER.digest };
    const refusal = await install(wrong).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'EBPM_LOCKFILE_MISMATCH',
      data: { locked: NEWER.digest, installed: TOOL.digest },
      hint: expect.stringMatching(
        /^Both are said to be of .*\nSee which .*: ebpm info sigsnoop@1\.0\.0\nIf it is that of ebpm\.lock, .*ebpm uninstall --global sigsnoop@1\.0\.0 && ebpm ci\nIf it is that of what is installed, .* ebpm update sigsnoop$/,
      ),
    });
    takeAway();
    await expect(install(wrong)).rejects.toMatchObject({
      code: 'EBPM_LOCKFILE_MISMATCH',
      hint: expect.stringMatching(/tell whoever runs the registry; else restore .* ebpm update sigsnoop$/),
    });
  });
});
