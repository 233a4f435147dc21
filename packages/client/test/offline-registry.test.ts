import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpec } from '@ebpm/formats';
import { beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStore } from '../src/archive-store.js';
import { type InstallOptions, installPackage } from '../src/install-package.js';
import { Installed, type NamedSpec } from '../src/installed.js';
import { KnownVersions } from '../src/known-versions.js';
import { OfflineRegistry } from '../src/offline-registry.js';
import { installLocked } from '../src/project/install-locked.js';
import { lockProject } from '../src/project/lock-project.js';
import { refused } from './refused.js';
import { type SamplePackage, samplePackage } from './sample-package.js';
import { temporaryHome } from './temporary-home.js';

const URL = 'https://a.example';
const TOOL = samplePackage({ name: 'tool', manifest: { dependencies: { lib: '^1.0.0' } } });
const LIB = samplePackage({ name: 'lib' });
const NEWER = samplePackage({ name: 'lib', version: '1.1.0', content: 'newer' });

let home: string;
beforeEach(async () => {
  home = temporaryHome();
  await know(TOOL);
  await know(LIB);
});

/** As if it had been installed and removed again. */
async function know(
  { name, version, digest, archive }: SamplePackage,
  { registry = URL, tags = ['latest'], yanked = false } = {},
): Promise<void> {
  const listed = { publishedAt: '2026-01-02T03:04:05Z', publisher: 'alice', seq: 1, yanked };
  await new ArchiveStore(home).write(digest, archive);
  const known = { version, digest, sizeBytes: archive.length, ...listed };
  await new KnownVersions(home).write({ name, registry, tags, version: known });
}

const options = { machine: { arch: 'x86_64' }, ebpmVersion: '0.1.0', now: () => new Date() };
const at = (url: string | undefined = URL) => new OfflineRegistry(home, url);

function install(text: string, url?: string): Promise<unknown> {
  const one = () => at(url);
  const withRegistries: InstallOptions['withRegistries'] = (use) => use({ registryFor: one, registryAt: one });
  return installPackage(parseSpec(text) as NamedSpec, { ...options, home, withRegistries });
}

describe('OfflineRegistry', () => {
  it('has what its registry said of the archives in the store, tags and ranges as always', async () => {
    await know(NEWER, { tags: ['next'] });
    expect(await install('lib')).toMatchObject({ installed: { version: '1.0.0', registry: URL, tag: 'latest' } });
    expect(await install('lib@next')).toMatchObject({ installed: { version: '1.1.0' } });
    expect(await install('lib@^1')).toMatchObject({ installed: { version: '1.1.0' }, already: true });
  });

  it('names what is not there: packages, versions, archives', async () => {
    await expect(install('other')).rejects.toEqual(refused('EBPM_OFFLINE', 'Cannot get "other" without the network'));
    await expect(install('lib@^2')).rejects.toEqual(refused('EBPM_OFFLINE', '"lib@^2"'));
    await expect(install('lib@beta')).rejects.toEqual(refused('EBPM_OFFLINE', '"lib@beta"'));
    await new ArchiveStore(home).remove(LIB.digest);
    await expect(install('lib')).rejects.toEqual(refused('EBPM_OFFLINE', '"lib"'));
    await expect(at().blob(LIB.digest)).rejects.toEqual(refused('EBPM_OFFLINE', LIB.digest));
  });

  it('takes nothing of another registry, and needs none configured where only one is known', async () => {
    await expect(install('lib', 'https://b.example')).rejects.toEqual(refused('EBPM_OFFLINE'));
    await know(NEWER, { registry: 'https://b.example' });
    await expect(
      installPackage(parseSpec('lib') as NamedSpec, {
        ...options,
        home,
        withRegistries: (use) => use({ registryFor: () => new OfflineRegistry(home, undefined), registryAt: at }),
      }),
    ).rejects.toMatchObject({ code: 'EBPM_REGISTRY_UNSET', data: { registries: [URL, 'https://b.example'] } });
    const only = new OfflineRegistry(home, undefined);
    await only.package('tool');
    expect(only.url).toBe(URL);
  });

  it('refuses a version that was yanked, and bytes that are not those of the digest', async () => {
    await know(NEWER, { yanked: true });
    await expect(install('lib@1.1.0')).rejects.toEqual(refused('EBPM_VERSION_YANKED'));
    const hex = LIB.digest.slice('sha256:'.length);
    writeFileSync(join(home, 'packages/sha256', hex.slice(0, 2), `${hex.slice(2)}.tar`), NEWER.archive);
    await expect(install('lib')).rejects.toEqual(refused('EBPM_OFFLINE'));
  });

  it('passes over what is known in a form that it does not read', async () => {
    const folder = join(home, 'index');
    const [file = ''] = readdirSync(folder).filter((name) => name.startsWith('lib@'));
    writeFileSync(join(folder, 'lib@more.json'), '{');
    writeFileSync(join(folder, 'lib@other.json'), '{"bundle":1,"packages":[]}');
    expect((await at().package('lib')).versions).toHaveLength(1);
    writeFileSync(join(folder, file), JSON.stringify({ bundle: 1, packages: [{ name: 'lib' }] }));
    await expect(at().package('lib')).rejects.toEqual(refused('EBPM_OFFLINE'));
  });
});

describe('lockProject() and installLocked() offline', () => {
  it('choose and install with their dependencies', async () => {
    const lockfile = await lockProject({ tool: '*' }, { registryFor: () => at(), ebpmVersion: '0.1.0' });
    expect(Object.keys(lockfile.packages).sort()).toEqual(['lib', 'tool']);
    await installLocked(lockfile, { ...options, home, registryAt: at });
    expect(await new Installed(home).names()).toEqual(['lib', 'tool']);
  });

  it('name everything that is missing at once', async () => {
    const lockfile = await lockProject({ tool: '*' }, { registryFor: () => at(), ebpmVersion: '0.1.0' });
    for (const { digest } of [TOOL, LIB]) await new ArchiveStore(home).remove(digest);
    const installing = installLocked(lockfile, { ...options, home, registryAt: at });
    await expect(installing).rejects.toMatchObject({
      code: 'EBPM_OFFLINE',
      data: { missing: ['lib@1.0.0', 'tool@1.0.0'] },
    });
    await know(TOOL);
    const choosing = lockProject({ tool: '*' }, { registryFor: () => at(), ebpmVersion: '0.1.0' });
    await expect(choosing).rejects.toMatchObject({ code: 'EBPM_OFFLINE', data: { missing: ['lib'] } });
  });
});
