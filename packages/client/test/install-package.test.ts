import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, packTar, parseSpec } from '@ebpm/formats';
import { FACTS_VERSION, factsBytes, packageFacts } from '@ebpm/object';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installedVersions } from '../src/cache/installed-versions.js';
import { Http } from '../src/http.js';
import { type InstallOptions, type InstallResult, installPackage } from '../src/install-package.js';
import { Installed, type NamedSpec } from '../src/installed.js';
import { keptNeeds } from '../src/needs/kept-needs.js';
import { neededBy } from '../src/needs/needed-by.js';
import { RegistryClient } from '../src/registry-client.js';
import { Store } from '../src/store.js';
import { joinVersionFile } from '../src/version-file.js';
import { refused } from './refused.js';
import { RegistryDouble } from './registry-double.js';
import { samplePackage } from './sample-package.js';
import { temporaryHome } from './temporary-home.js';

const V1 = samplePackage();
const V2 = samplePackage({ version: '2.0.0', content: 'second' });

let registry: RegistryDouble;
let http: Http;
const DEEP = samplePackage({ name: 'deep' });
const TOOL = samplePackage({ name: 'tool', manifest: { dependencies: { deep: '^1.0.0' } } });
const NEWER_TOOL = samplePackage({ name: 'tool', version: '1.1.0', manifest: { dependencies: { deep: '^1.0.0' } } });
const APP = samplePackage({ name: 'app', manifest: { dependencies: { tool: '^1.0.0' } } });

let home: string;

beforeEach(async () => {
  registry = await new RegistryDouble().open();
  http = new Http({ userAgent: 'ebpm/test' });
  home = temporaryHome();
});
afterEach(async () => {
  await http.close();
  await registry.close();
});

function install(text: string, changes: Partial<InstallOptions> = {}): Promise<InstallResult> {
  return installPackage(parseSpec(text) as NamedSpec, {
    home,
    withRegistries: (use) => {
      const client = new RegistryClient(http, registry.url);
      return use({ registryFor: () => client, registryAt: () => client });
    },
    machine: { arch: 'x86_64' },
    ebpmVersion: '0.1.0',
    now: () => new Date('2026-03-04T05:06:07Z'),
    ...changes,
  });
}

/** Bytes that this process has asked the kernel for so far (https://man7.org/linux/man-pages/man5/proc_pid_io.5.html). */
function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

function nothingInstalled(): boolean {
  return !existsSync(join(home, 'installed')) && !existsSync(join(home, 'packages'));
}

describe('installPackage()', () => {
  test('installPackage() installs what a tag names, and lets the name stand for it', async () => {
    registry.add(V1);
    const { installed, already, current } = await install('sigsnoop');
    expect({ already, current }).toEqual({ already: false, current: true });
    expect(installed).toMatchObject({
      name: 'sigsnoop',
      version: '1.0.0',
      digest: V1.digest,
      registry: registry.url,
      tag: 'latest',
      installedAt: '2026-03-04T05:06:07.000Z',
    });
    const here = new Installed(home);
    expect(await here.current('sigsnoop')).toBe('1.0.0');
    expect(Buffer.from(await here.entryBytes(installed)).toString()).toBe('hello');
  });

  test('installPackage() installs what the registry has the same facts of, or of another analysis, and tells the latter', async () => {
    const told: string[] = [];
    const onOtherFacts: InstallOptions['onOtherFacts'] = ({ version }) => told.push(version);
    const factsDigest = digestOf(factsBytes(packageFacts(V1.files)));
    registry.add(V1, { facts: { factsVersion: FACTS_VERSION, factsDigest } });
    registry.add(V2, { facts: { factsVersion: FACTS_VERSION + 1, factsDigest } });
    expect(await install('sigsnoop@1.0.0', { onOtherFacts })).toMatchObject({ already: false });
    expect(await install('sigsnoop@2.0.0', { onOtherFacts })).toMatchObject({ already: false });
    expect(told).toEqual(['2.0.0']);
  });

  test.each([
    ['other facts', { factsVersion: FACTS_VERSION, factsDigest: `sha256:${'0'.repeat(64)}` }],
    ['no facts', { factsVersion: FACTS_VERSION }],
  ])('installPackage() refuses what the registry has %s of than its objects', async (_what, facts) => {
    registry.add(V1, { facts });
    await expect(install('sigsnoop')).rejects.toEqual(refused('EBPM_FACTS_MISMATCH', 'what its programs do not do'));
    expect(nothingInstalled()).toBe(true);
  });

  test('installPackage() downloads nothing twice, and for an exact version asks nothing at all', async () => {
    registry.add(V1);
    await install('sigsnoop');
    expect(await install('sigsnoop')).toMatchObject({ already: true });
    expect(registry.asked.filter((path) => path.includes('/blobs/'))).toHaveLength(1);
    const asked = registry.asked.length;
    expect(await install('sigsnoop@1.0.0')).toMatchObject({ already: true, current: true });
    expect(registry.asked).toHaveLength(asked);
  });

  test('installPackage() installs what a package depends on, all of it before the package, and needs no network for it again', async () => {
    registry.add(DEEP).add(TOOL).add(NEWER_TOOL).add(APP);
    const { installed } = await install('app');
    const here = new Installed(home);
    expect(await here.names()).toEqual(['app', 'deep', 'tool']);
    const packages = {
      deep: { version: '1.0.0', digest: DEEP.digest, registry: registry.url },
      tool: { version: '1.1.0', digest: NEWER_TOOL.digest, registry: registry.url, dependencies: { deep: '^1.0.0' } },
    };
    expect(keptNeeds(installed)).toEqual({ lockfile: 1, requires: { tool: '^1.0.0' }, packages });
    const tool = await here.version('tool', '1.1.0');
    expect(tool).toMatchObject({ forProject: true });
    expect(tool && keptNeeds(tool)).toMatchObject({ requires: { deep: '^1.0.0' }, packages: { deep: packages.deep } });
    const asked = registry.asked.length;
    expect(await install('app@1.0.0')).toMatchObject({ already: true });
    expect(registry.asked).toHaveLength(asked);
    await new Store(home).remove('deep', '1.0.0');
    expect(await install('app@1.0.0')).toMatchObject({ already: true });
    expect(await here.names()).toEqual(['app', 'deep', 'tool']);
  });

  test('installPackage() reads what is installed and needed once', async () => {
    const sizeBytes = 8 * 1024 * 1024;
    registry.add(samplePackage({ name: 'deep', content: 'x'.repeat(sizeBytes) })).add(TOOL);
    await install('tool');
    for (const spec of ['tool@1.0.0', 'tool']) {
      const before = bytesRead();
      expect(await install(spec)).toMatchObject({ already: true });
      const read = (bytesRead() - before) / sizeBytes;
      expect(read).toBeGreaterThan(1);
      expect(read).toBeLessThan(1.5);
    }
  });

  test('installPackage() keeps the versions that were chosen before, and makes a tool of its own of what is asked for by name', async () => {
    registry.add(DEEP).add(TOOL).add(APP);
    await install('app');
    registry.add(NEWER_TOOL);
    const { installed } = await install('app');
    expect(keptNeeds(installed)?.packages['tool']).toMatchObject({ version: '1.0.0' });
    await install('tool@1.0.0');
    const tool = await new Installed(home).version('tool', '1.0.0');
    expect(tool).not.toHaveProperty('forProject');
    expect(neededBy(await installedVersions(new Installed(home))).get(TOOL.digest)).toMatchObject([{ name: 'app' }]);
  });

  test('installPackage() installs nothing of a package whose dependencies cannot be had', async () => {
    registry.add(APP);
    await expect(install('app')).rejects.toEqual(refused('EBPM_RESOLVE_CONFLICT'));
    expect(await new Installed(home).names()).toEqual([]);
  });

  test('installPackage() moves the name to what was installed last, unless it is to stay', async () => {
    registry.add(V1).add(V2);
    expect(await install('sigsnoop@^1', { keepCurrent: true })).toMatchObject({ current: true });
    expect(await install('sigsnoop@^2', { keepCurrent: true })).toMatchObject({ current: false });
    expect(await new Installed(home).current('sigsnoop')).toBe('1.0.0');
    await install('sigsnoop@^2');
    expect(await new Installed(home).current('sigsnoop')).toBe('2.0.0');
  });

  test('installPackage() remembers the tag that an installed version is asked for by', async () => {
    registry.add(V1).add(V2, { tag: 'next' });
    await install('sigsnoop@2.0.0');
    await install('sigsnoop@next');
    expect((await new Installed(home).find({ kind: 'tag', name: 'sigsnoop', tag: 'next' }))?.version).toBe('2.0.0');
  });

  test('installPackage() installs a version again whose archive or record is damaged', async () => {
    registry.add(V1);
    const { installed } = await install('sigsnoop');
    const path = join(home, 'installed/sigsnoop@1.0.0.tar');
    writeFileSync(path, joinVersionFile(V1.archive, 'damaged'));
    expect(await install('sigsnoop@1.0.0')).toMatchObject({ already: false });
    writeFileSync(path, V1.archive);
    expect(await install('sigsnoop@1.0.0')).toMatchObject({ already: false });
    rmSync(path);
    expect(await install('sigsnoop@1.0.0')).toMatchObject({ already: false });
    expect(Buffer.from(await new Installed(home).entryBytes(installed)).toString()).toBe('hello');
  });

  test('installPackage() tells how much has arrived', async () => {
    registry.add(V1);
    const told: [string, number][] = [];
    await install('sigsnoop', { onProgress: ({ version }, bytes) => told.push([version, bytes]) });
    expect(told.at(-1)).toEqual(['1.0.0', V1.archive.length]);
  });

  test('installPackage() installs once when it runs twice at the same time', async () => {
    registry.add(V1);
    await Promise.all([install('sigsnoop'), install('sigsnoop'), install('sigsnoop@1.0.0')]);
    expect(readdirSync(join(home, 'packages/tmp'))).toEqual([]);
    expect(await new Installed(home).versions('sigsnoop')).toHaveLength(1);
  });

  test('installPackage() refuses bytes that are not those of the digest, and leaves nothing', async () => {
    registry.add(V1).swap(V1.digest, V2.archive);
    await expect(install('sigsnoop')).rejects.toEqual(refused('EBPM_DIGEST_MISMATCH'));
    expect(nothingInstalled()).toBe(true);
  });

  test('installPackage() refuses a package that the registry does not have, or not any more', async () => {
    await expect(install('other')).rejects.toEqual(refused('EBPM_PACKAGE_NOT_FOUND'));
    registry.add(V1, { yanked: true });
    await expect(install('sigsnoop')).rejects.toEqual(refused('EBPM_VERSION_NOT_FOUND'));
    await expect(install('sigsnoop@1.0.0')).rejects.toMatchObject({
      code: 'EBPM_VERSION_YANKED',
      message: 'Cannot install "sigsnoop@1.0.0": it was yanked: loses events',
    });
    expect(nothingInstalled()).toBe(true);
  });

  test('installPackage() refuses an archive of another package', async () => {
    registry.add({ ...samplePackage({ name: 'other' }), name: 'sigsnoop' });
    await expect(install('sigsnoop')).rejects.toEqual(refused('EBPM_MANIFEST_MISMATCH'));
    expect(nothingInstalled()).toBe(true);
  });

  test('installPackage() refuses a package without its entry, without a variant for this machine, and for another ebpm', async () => {
    const cases: readonly [string, Readonly<Record<string, unknown>>][] = [
      ['EBPM_ENTRY_MISSING', { entry: 'other.json' }],
      ['EBPM_VARIANT_MISSING', { entry: [{ file: 'package.json', when: { arch: 'aarch64' } }] }],
      ['EBPM_VERSION_UNSUITABLE', { requires: { ebpm: '>=7' } }],
    ];
    for (const [at, [code, manifest]] of cases.entries()) {
      registry.add(samplePackage({ name: `case${at}`, manifest }));
      await expect(install(`case${at}`)).rejects.toEqual(refused(code));
    }
    expect(nothingInstalled()).toBe(true);
  });

  test('installPackage() refuses a version that has another digest than when it was installed', async () => {
    registry.add(V1);
    await install('sigsnoop');
    const changed = samplePackage({ content: 'changed' });
    const first = registry.url;
    registry.add(changed);
    await expect(install('sigsnoop')).rejects.toMatchObject({
      code: 'EBPM_VERSION_CHANGED',
      hint: 'A version never changes within a registry: tell whoever runs it. What is installed stays as it is',
    });
    const other = await new RegistryDouble().add(changed).open();
    await registry.close();
    registry = other;
    await expect(install('sigsnoop')).rejects.toMatchObject({
      code: 'EBPM_VERSION_CHANGED',
      message: expect.stringContaining(`is installed, from "${first}"`),
      hint: expect.stringContaining('type: ebpm uninstall --global sigsnoop@1.0.0 && ebpm install sigsnoop@1.0.0'),
    });
  });

  test('installPackage() refuses an archive that is no canonical tar', async () => {
    const junk = Buffer.concat([packTar([]), Buffer.alloc(512)]);
    const sample = { ...V1, archive: junk, digest: samplePackage({ content: 'x' }).digest };
    registry.add(sample);
    await expect(install('sigsnoop')).rejects.toEqual(refused('EBPM_DIGEST_MISMATCH'));
    registry.add({ ...V2, archive: junk, digest: digestOf(junk) });
    await expect(install('sigsnoop')).rejects.toEqual(refused('EBPM_ARCHIVE_NOT_CANONICAL'));
    expect(nothingInstalled()).toBe(true);
  });
});
