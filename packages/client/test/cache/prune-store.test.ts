import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStore } from '../../src/archive-store.js';
import { KnownProjects } from '../../src/cache/known-projects.js';
import { pruneStore } from '../../src/cache/prune-store.js';
import { verifyStore } from '../../src/cache/verify-store.js';
import { Installed } from '../../src/installed.js';
import { writeLockfile } from '../../src/project/lockfile.js';
import { Store } from '../../src/store.js';
import { type SamplePackage, samplePackage } from '../sample-package.js';
import { storedRecord } from '../stored-version.js';
import { temporaryHome } from '../temporary-home.js';

const [TOOL, LOCKED, OLD, LEFT, NAMED] = ['tool', 'locked', 'old', 'left', 'named'].map((name) =>
  samplePackage({ name }),
) as [SamplePackage, SamplePackage, SamplePackage, SamplePackage, SamplePackage];

let home: string;
let folder: string;
beforeEach(async () => {
  [home, folder] = [temporaryHome(), temporaryHome()];
  const store = new Store(home);
  const record = ({ name, digest }: SamplePackage) => storedRecord({ name, digest });
  await store.install(record(TOOL), TOOL.archive);
  for (const sample of [LOCKED, OLD]) await store.install({ ...record(sample), forProject: true }, sample.archive);
  for (const { digest, archive } of [LEFT, NAMED]) await new ArchiveStore(home).write(digest, archive);
  const locked = ({ digest }: SamplePackage) => ({ version: '1.0.0', digest, registry: 'https://a.example' });
  const packages = { locked: locked(LOCKED), named: locked(NAMED) };
  await writeLockfile(folder, { lockfile: 1, requires: {}, packages });
  await new KnownProjects(home).remember(folder);
});

const names = () => new Installed(home).names();

describe('pruneStore()', () => {
  it('takes away what no tool and no lockfile needs, once, and says what that frees', async () => {
    const expected = {
      removed: [
        { what: 'old@1.0.0', sizeBytes: OLD.archive.length },
        { what: LEFT.digest, sizeBytes: LEFT.archive.length },
      ],
      freedBytes: OLD.archive.length + LEFT.archive.length,
    };
    expect(await pruneStore(home, { dryRun: true })).toEqual(expected);
    expect(await names()).toEqual(['locked', 'old', 'tool']);
    expect(await pruneStore(home)).toEqual(expected);
    expect(await names()).toEqual(['locked', 'tool']);
    expect(await new ArchiveStore(home).has(NAMED.digest)).toBe(true);
    expect(await pruneStore(home)).toEqual({ removed: [], freedBytes: 0 });
    expect((await verifyStore(home)).problems).toEqual([]);
  });

  it('forgets a project whose lockfile is gone', async () => {
    rmSync(join(folder, 'ebpm.lock'));
    expect((await pruneStore(home, { dryRun: true })).removed).toHaveLength(4);
    expect(await new KnownProjects(home).folders()).toEqual([folder]);
    await pruneStore(home);
    expect(await names()).toEqual(['tool']);
    expect(await new KnownProjects(home).folders()).toEqual([]);
  });

  it('takes nothing away where it cannot read what is needed, and forgets no project', async () => {
    const gone = temporaryHome();
    await new KnownProjects(home).remember(gone);
    writeFileSync(join(folder, 'ebpm.lock'), '{');
    await expect(pruneStore(home)).rejects.toMatchObject({ code: 'EBPM_LOCKFILE_INVALID' });
    rmSync(join(folder, 'ebpm.lock'));
    mkdirSync(join(folder, 'ebpm.lock'));
    await expect(pruneStore(home)).rejects.toMatchObject({ code: 'EBPM_LOCKFILE_INVALID' });
    expect(await names()).toEqual(['locked', 'old', 'tool']);
    expect(await new ArchiveStore(home).has(LEFT.digest)).toBe(true);
    expect(await new KnownProjects(home).folders()).toEqual([folder, gone].sort());
  });
});
