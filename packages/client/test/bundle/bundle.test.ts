import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, TAR_END, type TarFile, tarEntry } from '@ebpm/formats';
import type { BundleIndex, KnownVersion } from '@ebpm/schemas';
import { beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStore } from '../../src/archive-store.js';
import { collectVersions, lockfilesOf } from '../../src/bundle/collect-versions.js';
import { loadBundle } from '../../src/bundle/load-bundle.js';
import { saveBundle } from '../../src/bundle/save-bundle.js';
import { KnownVersions } from '../../src/known-versions.js';
import { OfflineRegistry } from '../../src/offline-registry.js';
import { refused } from '../refused.js';
import { type SamplePackage, samplePackage } from '../sample-package.js';
import { temporaryHome } from '../temporary-home.js';

const URL = 'https://a.example';
const TOOL = samplePackage({ name: 'tool', manifest: { dependencies: { lib: '^1.0.0' } } });
const LIB = samplePackage({ name: 'lib' });

let home: string;
let path: string;
beforeEach(() => {
  home = temporaryHome();
  path = join(temporaryHome(), 'x.ebpm');
});

function known({ name, version, digest, archive }: SamplePackage, more: Partial<KnownVersion> = {}): KnownVersion {
  const listed = { publishedAt: '2026-01-02T03:04:05Z', publisher: 'alice', seq: 1, yanked: false };
  const of = { version, digest, sizeBytes: archive.length, ...listed };
  return { name, registry: URL, tags: ['latest'], version: of, ...more };
}

async function fill(folder: string, ...samples: readonly SamplePackage[]): Promise<void> {
  for (const sample of samples) {
    await new ArchiveStore(folder).write(sample.digest, sample.archive);
    await new KnownVersions(folder).write(known(sample));
  }
}

/** A bundle as nobody's program would write it. */
function writeBundle(index: unknown, archives: readonly TarFile[]): void {
  const text = typeof index === 'string' ? index : JSON.stringify(index);
  const files = [{ path: 'bundle.json', bytes: Buffer.from(text) }, ...archives];
  writeFileSync(path, Buffer.concat([...files.flatMap(tarEntry), TAR_END]));
}

const indexOf = (...packages: readonly KnownVersion[]): BundleIndex => ({ bundle: 1, packages: [...packages] });
const archiveOf = ({ digest, archive }: SamplePackage): TarFile => ({
  path: `sha256/${digest.slice('sha256:'.length)}.tar`,
  bytes: archive,
});

describe('saveBundle() and loadBundle()', () => {
  it('bring packages with their dependencies into another store, and the same ones are the same bytes', async () => {
    await fill(home, TOOL, LIB);
    const registry = () => new OfflineRegistry(home, URL);
    const options = { home, ebpmVersion: '0.1.0', registryFor: registry, registryAt: registry };
    const specs = [{ kind: 'tag', name: 'tool', tag: 'latest' } as const];
    const versions = await collectVersions(await lockfilesOf(specs, options), options);
    expect(versions.map(({ name }) => name).sort()).toEqual(['lib', 'tool']);
    const size = await saveBundle({ home, path, versions });
    const bytes = readFileSync(path);
    expect(bytes).toHaveLength(size);
    await saveBundle({ home, path, versions: [...versions].reverse() });
    expect(Buffer.compare(readFileSync(path), bytes)).toBe(0);

    const other = temporaryHome();
    expect(await loadBundle(path, other)).toHaveLength(2);
    expect(await loadBundle(path, other)).toHaveLength(2);
    expect((await new OfflineRegistry(other, URL).package('tool')).tags).toEqual({ latest: '1.0.0' });
    expect(Buffer.from((await new ArchiveStore(other).read(LIB.digest)) ?? []).equals(LIB.archive)).toBe(true);
  });

  it('saveBundle() says where it cannot write, and leaves nothing there', async () => {
    await fill(home, LIB);
    const request = { home, versions: [known(LIB)] };
    mkdirSync(path);
    await expect(saveBundle({ ...request, path })).rejects.toEqual(refused('EBPM_BUNDLE_UNWRITABLE'));
    await expect(saveBundle({ ...request, path: '/proc/x' })).rejects.toEqual(refused('EBPM_BUNDLE_UNWRITABLE'));
    await expect(saveBundle({ home, path, versions: [known(TOOL)] })).rejects.toEqual(refused('EBPM_OFFLINE'));
  });

  const other = samplePackage({ name: 'lib', content: 'other' });
  it.each<[string, unknown, readonly TarFile[], string]>([
    ['no JSON', '{', [], 'EBPM_BUNDLE_INVALID'],
    ['another index', { bundle: 2, packages: [] }, [], 'EBPM_BUNDLE_INVALID'],
    ['an archive that is missing', indexOf(known(LIB)), [], 'EBPM_BUNDLE_INVALID'],
    ['an archive that is not named', indexOf(), [archiveOf(LIB)], 'EBPM_BUNDLE_INVALID'],
    ['a file that is no archive', indexOf(), [{ path: 'x', bytes: Buffer.alloc(1) }], 'EBPM_BUNDLE_INVALID'],
    [
      'bytes of another digest',
      indexOf(known(LIB)),
      [{ ...archiveOf(LIB), bytes: other.archive }],
      'EBPM_BUNDLE_INVALID',
    ],
    [
      'an archive of another package',
      indexOf({ ...known(LIB), name: 'tool' }),
      [archiveOf(LIB)],
      'EBPM_MANIFEST_MISMATCH',
    ],
    [
      'one archive for two',
      indexOf(known(LIB), { ...known(LIB), name: 'tool' }),
      [archiveOf(LIB)],
      'EBPM_BUNDLE_INVALID',
    ],
    [
      'a registry in another form',
      indexOf({ ...known(LIB), registry: `${URL}/` }),
      [archiveOf(LIB)],
      'EBPM_BUNDLE_INVALID',
    ],
    ['a name that climbs', indexOf({ ...known(LIB), name: '../../x' }), [archiveOf(LIB)], 'EBPM_BUNDLE_INVALID'],
  ])('loadBundle() refuses %s, and then knows nothing of it', async (_, index, archives, code) => {
    writeBundle(index, archives);
    await expect(loadBundle(path, home)).rejects.toMatchObject({ code });
    expect(await new KnownVersions(home).of('lib')).toEqual([]);
  });

  it('loadBundle() refuses what the same registry had other bytes of', async () => {
    await fill(home, LIB);
    writeBundle(indexOf(known(other)), [archiveOf(other)]);
    await expect(loadBundle(path, home)).rejects.toMatchObject({
      code: 'EBPM_VERSION_CHANGED',
      data: { known: LIB.digest, bundled: other.digest },
    });
    expect(await new ArchiveStore(home).has(other.digest as Digest)).toBe(false);
  });

  it('loadBundle() refuses what is no file, no tar, or empty', async () => {
    for (const file of ['/dev/zero', join(path, 'none'), temporaryHome()]) {
      await expect(loadBundle(file, home)).rejects.toEqual(refused('EBPM_BUNDLE_INVALID'));
    }
    writeFileSync(path, TAR_END);
    await expect(loadBundle(path, home)).rejects.toEqual(refused('EBPM_BUNDLE_INVALID', 'it has no bundle.json'));
    writeFileSync(path, 'text');
    await expect(loadBundle(path, home)).rejects.toEqual(refused('EBPM_BUNDLE_INVALID', 'it ends too early'));
  });
});
