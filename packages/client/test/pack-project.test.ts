import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unpackTar } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { packFile, packProject } from '../src/pack-project.js';
import { refused } from './refused.js';
import { temporaryHome } from './temporary-home.js';
import { packageOf, tinyPackage } from './tiny-package.js';

const TINY = tinyPackage();

/** A project with a built entry, and with other files. */
function project(
  manifest: Readonly<Record<string, unknown>> = {},
  files: Readonly<Record<string, string>> = {},
): string {
  const folder = temporaryHome();
  const all = {
    'ebpm.json': JSON.stringify({ manifest: 1, name: 'tiny', version: '1.0.0', ...manifest }),
    'dist/package.json': TINY,
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const pathsOf = async (folder: string) => unpackTar((await packProject(folder)).archive).map(({ path }) => path);

describe('packProject()', () => {
  test('packProject() packs the manifest as it is and the built entry', async () => {
    const { manifest, files, archive } = await packProject(project());
    expect(manifest).toMatchObject({ name: 'tiny', version: '1.0.0' });
    expect(files.map(({ path }) => path)).toEqual(['ebpm.json', 'package.json']);
    expect(unpackTar(archive).find(({ path }) => path === 'package.json')?.bytes).toEqual(new Uint8Array(TINY));
  });

  test('packProject() gives the same bytes in another folder', async () => {
    const folder = project({ files: ['src'] }, { 'src/b.c': 'b', 'src/a.c': 'a', 'README.md': '# x' });
    const copy = join(temporaryHome(), 'copy');
    cpSync(folder, copy, { recursive: true });
    const [one, other] = [await packProject(folder), await packProject(copy)];
    expect(Buffer.compare(one.archive, other.archive)).toBe(0);
  });

  test('packProject() packs README.md or the readme that the manifest names', async () => {
    const files = { 'README.md': '# a', 'docs/ABOUT.md': '# b' };
    expect(await pathsOf(project({}, files))).toContain('README.md');
    expect(await pathsOf(project({ readme: 'docs/ABOUT.md' }, files))).toEqual([
      'docs/ABOUT.md',
      'ebpm.json',
      'package.json',
    ]);
  });

  test('packProject() packs include/ of a package of which nothing runs, and wants it there', async () => {
    const headers = { 'include/tiny/a.h': '#define A 1', 'include/b.h': '' };
    expect(await pathsOf(project({ entry: [] }, headers))).toEqual(['ebpm.json', 'include/b.h', 'include/tiny/a.h']);
    await expect(packProject(project({ entry: [] }))).rejects.toEqual(refused('EBPM_PROJECT_FILE', 'include'));
  });

  test('packProject() packs files and folders, without hidden files, and each once', async () => {
    const folder = project(
      { files: ['include', 'include/a.h', 'README.md', 'ebpm.json', '.named'] },
      {
        'include/a.h': '1',
        'include/deep/b.h': '2',
        'include/.env': 'secret',
        'README.md': '#',
        '.named': 'x',
        other: '3',
      },
    );
    expect(await pathsOf(folder)).toEqual([
      '.named',
      'README.md',
      'ebpm.json',
      'include/a.h',
      'include/deep/b.h',
      'package.json',
    ]);
  });

  test('packProject() packs every variant', async () => {
    const entry = [{ file: 'x86/package.json', when: { arch: 'x86_64' } }, { file: 'package.json' }];
    const folder = project({ entry }, { 'dist/x86/package.json': Buffer.from(TINY).toString() });
    expect(await pathsOf(folder)).toEqual(['ebpm.json', 'package.json', 'x86/package.json']);
  });

  test('packProject() refuses a folder without ebpm.json, and one that was not built', async () => {
    await expect(packProject(temporaryHome())).rejects.toEqual(refused('EBPM_PROJECT_MISSING'));
    const folder = project();
    rmSync(join(folder, 'dist'), { recursive: true });
    await expect(packProject(folder)).rejects.toMatchObject({
      code: 'EBPM_ENTRY_MISSING',
      hint: `Build it first: ebpm build ${folder}`,
    });
  });

  test('packProject() refuses a private package', async () => {
    await expect(packProject(project({ private: true }))).rejects.toEqual(refused('EBPM_PACKAGE_PRIVATE'));
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['a readme', { readme: 'ABOUT.md' }],
    ['a file', { files: ['none.c'] }],
  ])('packProject() refuses %s that is not there', async (_what, manifest) => {
    await expect(packProject(project(manifest))).rejects.toEqual(refused('EBPM_PROJECT_FILE'));
  });

  test('packProject() refuses links and what is no regular file', async () => {
    const folder = project({ files: ['src'] }, { 'src/a.c': 'a' });
    symlinkSync('/etc/passwd', join(folder, 'src/link'));
    await expect(packProject(folder)).rejects.toEqual(refused('EBPM_PROJECT_FILE', 'src/link'));
    rmSync(join(folder, 'src/link'));
    execFileSync('mkfifo', [join(folder, 'src/fifo')]);
    await expect(packProject(folder)).rejects.toEqual(refused('EBPM_PROJECT_FILE', 'src/fifo'));
  });

  test('packProject() refuses more files than a package may have', async () => {
    const files = Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`many/${at}`, '']));
    await expect(packProject(project({ files: ['many'] }, files))).rejects.toEqual(refused('EBPM_ARCHIVE_TOO_LARGE'));
  });

  test('packProject() refuses a file under the name of the entry', async () => {
    const folder = project({ files: ['package.json'] }, { 'package.json': '{"name":"an npm package"}' });
    await expect(packProject(folder)).rejects.toEqual(refused('EBPM_ARCHIVE_DUPLICATE'));
  });

  test.each<[string, string, Uint8Array]>([
    ['is no package', 'EBPM_PACKAGE_MALFORMED', Buffer.from('junk')],
    ['has no eBPF object in it', 'EBPM_ELF_', packageOf(Buffer.from('not an ELF file'))],
    ['is a WASM module that cannot be started', 'EBPM_PACKAGE_INVALID', Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
  ])('packProject() refuses an entry that %s', async (_what, code, bytes) => {
    const folder = project();
    writeFileSync(join(folder, 'dist/package.json'), bytes);
    await expect(packProject(folder)).rejects.toMatchObject({ code: expect.stringMatching(new RegExp(`^${code}`)) });
  });
});

describe('packFile()', () => {
  test('packFile() makes a manifest with the name and version', () => {
    const { archive } = packFile({ bytes: TINY, source: 'package.json' }, { name: '@acme/tiny', version: '1.2.3' });
    const [manifest, entry] = unpackTar(archive);
    expect(JSON.parse(Buffer.from(manifest?.bytes ?? []).toString())).toEqual({
      manifest: 1,
      name: '@acme/tiny',
      version: '1.2.3',
    });
    expect([entry?.path, entry?.bytes.length]).toEqual(['package.json', TINY.length]);
  });

  test('packFile() refuses names and versions that are none, and junk', () => {
    const pack = (name: string, version: string, bytes = TINY) =>
      packFile({ bytes, source: 'x.json' }, { name, version });
    expect(() => pack('No Name', '1.0.0')).toThrow(refused('EBPM_NAME_INVALID') as Error);
    expect(() => pack('x', 'one')).toThrow(refused('EBPM_VERSION_INVALID') as Error);
    expect(() => pack('x', '1.0.0', Buffer.from('{}'))).toThrow(refused('EBPM_PACKAGE_INVALID', 'x.json') as Error);
  });
});
