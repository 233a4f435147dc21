import { appendFileSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cleanStore } from '../../src/cache/clean-store.js';
import { verifyStore } from '../../src/cache/verify-store.js';
import { Store } from '../../src/store.js';
import { StorePaths } from '../../src/store-paths.js';
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

async function install({ version, digest, files }: SamplePackage): Promise<void> {
  await store.install(storedRecord({ version, digest }), files);
}

function contents({ digest }: SamplePackage): string {
  return new StorePaths(home).contents(digest);
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
    [
      'a byte more',
      () => appendFileSync(join(contents(ONE), 'ebpm.json'), ' '),
      /^sigsnoop@1.0.0: its files are not those/,
    ],
    ['a file more', () => writeFileSync(join(contents(ONE), 'more'), ''), /^sigsnoop@1.0.0: its files are not those/],
    ['a file less', () => rmSync(join(contents(ONE), 'ebpm.json')), /^sigsnoop@1.0.0: its files are not those/],
    [
      'a link',
      () => symlinkSync('/etc/passwd', join(contents(ONE), 'x')),
      /^sigsnoop@1.0.0: .* "x" is not a regular file$/,
    ],
    ['nothing left', () => rmSync(contents(ONE), { recursive: true }), /^sigsnoop@1.0.0: its files are gone$/],
    [
      'a damaged record',
      () => writeFileSync(new StorePaths(home).record('sigsnoop', '1.0.0'), '{'),
      /^sigsnoop@1.0.0: its record/,
    ],
    [
      'a name for nothing',
      () => writeFileSync(new StorePaths(home).current('sigsnoop'), '3.0.0\n'),
      /^sigsnoop: it stands for 3.0.0/,
    ],
  ])('finds %s', async (_, damage, problem) => {
    damage();
    expect(await problems()).toEqual([expect.stringMatching(problem)]);
  });
});

describe('cleanStore()', () => {
  it('removes what no version needs, but not what may be on its way', async () => {
    await store.removeRecord('sigsnoop', '1.0.0');
    expect((await verifyStore(home)).unused).toEqual([ONE.digest]);
    expect(await cleanStore(home)).toEqual([]);
    utimesSync(contents(ONE), 0, 0);
    expect(await cleanStore(home)).toEqual([ONE.digest]);
    expect(readdirSync(dirname(contents(ONE)))).toEqual([]);
    await store.makeCurrent('sigsnoop', '2.0.0');
    expect(await problems()).toEqual([]);
  });

  it('removes nothing where it cannot read what is needed', async () => {
    utimesSync(contents(ONE), 0, 0);
    writeFileSync(new StorePaths(home).record('sigsnoop', '1.0.0'), '{');
    await expect(cleanStore(home)).rejects.toMatchObject({ code: 'EBPM_STORE_DAMAGED' });
    expect(readdirSync(contents(ONE))).toContain('ebpm.json');
  });
});
