import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, parseSpec } from '@ebpm/formats';
import { FACTS_VERSION, factsBytes, packageFacts } from '@ebpm/object';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ArchiveStore } from '../../src/archive-store.js';
import { cleanStore } from '../../src/cache/clean-store.js';
import { pruneStore } from '../../src/cache/prune-store.js';
import { Http } from '../../src/http.js';
import { type InstallResult, installPackage } from '../../src/install-package.js';
import { Installed, type NamedSpec } from '../../src/installed.js';
import { LookWriter } from '../../src/look/look-writer.js';
import { LookedAt } from '../../src/look/looked-at.js';
import { keptNeeds } from '../../src/needs/kept-needs.js';
import { RegistryClient } from '../../src/registry-client.js';
import { refused } from '../refused.js';
import { RegistryDouble } from '../registry-double.js';
import { samplePackage } from '../sample-package.js';
import { temporaryHome } from '../temporary-home.js';

const V1 = samplePackage();
const V2 = samplePackage({ version: '2.0.0', content: 'second' });
const DEEP = samplePackage({ name: 'deep', content: 'deep' });
const TOOL = samplePackage({ name: 'tool', manifest: { dependencies: { deep: '^1.0.0' } } });
const APP = samplePackage({ name: 'app', manifest: { dependencies: { tool: '^1.0.0' } } });

let registry: RegistryDouble;
let http: Http;
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

function install(text: string, writer?: LookWriter): Promise<InstallResult> {
  return installPackage(parseSpec(text) as NamedSpec, {
    home,
    writer,
    withRegistries: (use) => {
      const client = new RegistryClient(http, registry.url);
      return use({ registryFor: () => client, registryAt: () => client });
    },
    machine: { arch: 'x86_64' },
    ebpmVersion: '0.1.0',
    now: () => new Date('2026-03-04T05:06:07Z'),
  });
}

async function look(text: string) {
  const writer = new LookWriter(home);
  const { installed } = await install(text, writer);
  return { installed, store: new LookedAt(home, [installed, ...writer.versions]) };
}

/** Everything that says what is installed, with its bytes and times. */
function stateOf(folder: string): unknown {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return files.map((file) => {
    const { mtimeMs, ino } = statSync(join(folder, file));
    return [file, mtimeMs, ino, file.includes('@') ? digestOf(readFileSync(join(folder, file))) : ''];
  });
}

describe('installPackage() with a LookWriter', () => {
  test('installPackage() installs nothing, and what it looked at is read as if it were installed', async () => {
    registry.add(V1);
    const { installed, store } = await look('sigsnoop');
    expect(installed).toMatchObject({ name: 'sigsnoop', version: '1.0.0', digest: V1.digest, registry: registry.url });
    expect(existsSync(join(home, 'installed'))).toBe(false);
    expect(await new Installed(home).find(parseSpec('sigsnoop') as NamedSpec)).toBeUndefined();
    const found = await store.find(parseSpec('sigsnoop@^1') as NamedSpec);
    expect(found).toMatchObject({ version: '1.0.0' });
    expect(found && Buffer.from(await store.entryBytes(found)).toString()).toBe('hello');
  });

  test('installPackage() leaves what is installed as it is, to the byte', async () => {
    registry.add(V1).add(DEEP).add(TOOL).add(APP);
    await install('sigsnoop');
    await install('app');
    const before = stateOf(join(home, 'installed'));
    registry.add(V2).add(samplePackage({ name: 'app', version: '1.1.0', manifest: { dependencies: { tool: '^1' } } }));
    for (const spec of ['sigsnoop@1.0.0', 'sigsnoop', 'tool', 'tool@1.0.0', 'app', 'app@1.0.0', 'deep@latest']) {
      await look(spec);
    }
    expect(stateOf(join(home, 'installed'))).toEqual(before);
    expect(await new Installed(home).names()).toEqual(['app', 'deep', 'sigsnoop', 'tool']);
    expect((await look('sigsnoop')).installed.version).toBe('2.0.0');
  });

  test('installPackage() looks at what a package needs, too, and at what that needs', async () => {
    registry.add(DEEP).add(TOOL).add(APP);
    const { installed, store } = await look('app');
    expect(Object.keys(keptNeeds(installed)?.packages ?? {}).sort()).toEqual(['deep', 'tool']);
    const tool = await store.version('tool', '1.0.0');
    expect(tool && Object.keys(keptNeeds(tool)?.packages ?? {})).toEqual(['deep']);
    const deep = await store.version('deep', '1.0.0');
    expect(deep && Buffer.from(await store.entryBytes(deep)).toString()).toBe('deep');
    expect(await new Installed(home).names()).toEqual([]);
  });

  test('installPackage() downloads an archive once for looks and an installation', async () => {
    registry.add(V1);
    await look('sigsnoop');
    await look('sigsnoop@^1');
    await install('sigsnoop');
    await look('sigsnoop');
    expect(registry.asked.filter((path) => path.includes('/blobs/'))).toHaveLength(1);
  });

  test.each([
    ['cache clean', cleanStore],
    ['prune', pruneStore],
  ])('installPackage() keeps what it looked at only until %s', async (_what, remove) => {
    registry.add(V1);
    await look('sigsnoop');
    const archives = new ArchiveStore(home);
    expect(await archives.digests()).toEqual([V1.digest]);
    await remove(home);
    expect(await archives.digests()).toEqual([]);
  });

  test('installPackage() refuses bytes of another digest, and facts that are not those of the programs', async () => {
    registry.add(V1);
    registry.swap(V1.digest, V2.archive);
    await expect(look('sigsnoop')).rejects.toEqual(refused('EBPM_DIGEST_MISMATCH'));
    const factsDigest = digestOf(factsBytes(packageFacts(V2.files)));
    registry.add(V2, { facts: { factsVersion: FACTS_VERSION, factsDigest } });
    expect((await look('sigsnoop')).installed.version).toBe('2.0.0');
    registry.add(V2, { facts: { factsVersion: FACTS_VERSION, factsDigest: V2.digest } });
    await expect(look('sigsnoop')).rejects.toEqual(refused('EBPM_FACTS_MISMATCH'));
    registry.add(V2, { yanked: true });
    await expect(look('sigsnoop@2.0.0')).rejects.toEqual(refused('EBPM_VERSION_YANKED'));
  });

  test('LookedAt reads what is installed all the same where its archive was taken away', async () => {
    registry.add(V1);
    await install('sigsnoop');
    const { installed, store } = await look('sigsnoop');
    await new ArchiveStore(home).remove(V1.digest);
    expect(Buffer.from(await store.entryBytes(installed)).toString()).toBe('hello');
  });
});
