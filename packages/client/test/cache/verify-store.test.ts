import { appendFileSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cleanStore } from '../../src/cache/clean-store.js';
import { verifyStore } from '../../src/cache/verify-store.js';
import { Store } from '../../src/store.js';
import { StorePaths } from '../../src/store-paths.js';
import { joinVersionFile } from '../../src/version-file.js';
import { type SamplePackage, samplePackage } from '../sample-package.js';
import { storedRecord } from '../stored-version.js';
import { temporaryHome } from '../temporary-home.js';

const ONE = samplePackage();
const TWO = samplePackage({ version: '2.0.0', content: 'second' });

let home: string;
let store: Store;

beforeEach(async () => {
  home = temporaryHome();
  store = new Store(home);
  for (const sample of [ONE, TWO]) await install(sample);
  await store.makeCurrent('sigsnoop', '2.0.0');
});

async function install({ version, digest, archive }: SamplePackage): Promise<void> {
  await store.install(storedRecord({ version, digest }), archive);
}

const path = () => new StorePaths(home).version('sigsnoop', '1.0.0');
const RECORD = JSON.stringify(storedRecord({ digest: ONE.digest }));
const OTHER = JSON.stringify(storedRecord({ name: 'other', digest: ONE.digest }));

/** Puts other bytes in the place of the first version, and leaves its archive in the store as it is. */
function replace(archive: Uint8Array, record?: string, more = ''): void {
  rmSync(path());
  writeFileSync(path(), record === undefined ? archive : joinVersionFile(archive, record));
  appendFileSync(path(), more);
}

function archiveOf({ digest }: SamplePackage): string {
  return new StorePaths(home).archive(digest);
}

async function problems(): Promise<readonly string[]> {
  return (await verifyStore(home)).problems.map(({ what, reason }) => `${what}: ${reason}`);
}

describe('verifyStore()', () => {
  it('finds nothing wrong with what was installed, nor with an empty home', async () => {
    const seen: string[] = [];
    const report = await verifyStore(home, (done, of) => seen.push(`${done}/${of}`));
    expect(report).toEqual({ versions: 2, contents: 2, problems: [], unused: [] });
    expect(seen).toEqual(['1/2', '2/2']);
    expect(await verifyStore(join(home, 'none'))).toMatchObject({ versions: 0, contents: 0, problems: [] });
  });

  it.each([
    ['a byte more', () => replace(ONE.archive, RECORD, ' '), /^sigsnoop@1.0.0: its record cannot be read$/],
    ['another archive', () => replace(TWO.archive, RECORD), /^sigsnoop@1.0.0: its archive is not what was installed$/],
    [
      'a link',
      () => {
        rmSync(path());
        symlinkSync('/dev/zero', path());
      },
      /^sigsnoop@1.0.0: its record cannot be read$/,
    ],
    ['a damaged record', () => replace(ONE.archive, '{'), /^sigsnoop@1.0.0: its record cannot be read$/],
    ['another record', () => replace(ONE.archive, OTHER), /^sigsnoop@1.0.0: its record cannot be read$/],
    ['no record', () => replace(ONE.archive), /^sigsnoop@1.0.0: its record cannot be read$/],
    ['no bytes', () => replace(new Uint8Array()), /^sigsnoop@1.0.0: its record cannot be read$/],
  ])('finds %s', async (_, damage, problem) => {
    damage();
    expect(await problems()).toEqual([expect.stringMatching(problem)]);
  });
});

it('verifyStore() finds what a disk did to the one file that an installed version and its archive are', async () => {
  appendFileSync(path(), ' ');
  expect(await problems()).toEqual([
    'sigsnoop@1.0.0: its record cannot be read',
    `${ONE.digest}: the archive is not what was downloaded`,
  ]);
});

describe('cleanStore()', () => {
  it('removes the archives that nothing installed was made from, and nothing else', async () => {
    await store.remove('sigsnoop', '1.0.0');
    expect((await verifyStore(home)).unused).toEqual([ONE.digest]);
    appendFileSync(archiveOf(ONE), ' ');
    expect(await problems()).toEqual([`${ONE.digest}: the archive is not what was downloaded`]);
    expect(await cleanStore(home)).toEqual([ONE.digest]);
    expect(await cleanStore(home)).toEqual([]);
    expect([existsSync(archiveOf(ONE)), existsSync(archiveOf(TWO))]).toEqual([false, true]);
    expect(await problems()).toEqual([]);
  });

  it('takes nothing from what is installed, also where a record cannot be read', async () => {
    replace(ONE.archive, '{');
    expect(await cleanStore(home)).toEqual([ONE.digest]);
    expect(existsSync(path())).toBe(true);
  });
});
