import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { digestHex, digestOf, mirrorBlobFile, openCheckpoint, parseNoteKey } from '@ebpm/formats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { MirrorFiles } from '../../src/mirror/mirror-files.js';
import { mirrorRegistry } from '../../src/mirror/mirror-registry.js';
import { MirrorSource } from '../../src/mirror/mirror-source.js';
import { matchesNames } from '../../src/name-patterns.js';
import { Outbound } from '../../src/outbound.js';
import { systemRandom } from '../../src/random.js';
import { openDirectoryStore } from '../../src/stores/directory.js';
import { walkLog } from '../../src/upkeep/walk-log.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let token: string;
let outbound: Outbound;
let folder: string;
beforeEach(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  token = await world.tokenOf('alice', replica);
  await replica.app.listen({ port: 0, host: '127.0.0.1' });
  outbound = new Outbound({ userAgent: 'test', allow: ['127.0.0.1'] });
  folder = join(world.directory, 'mirror');
});
afterEach(async () => {
  await outbound.close();
  await world.close();
});

const source = () =>
  new MirrorSource(outbound, `http://127.0.0.1:${(replica.app.server.address() as AddressInfo).port}/`);
const mirror = (include: readonly string[] = []) =>
  mirrorRegistry(source(), new MirrorFiles(folder, systemRandom), include);
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const json = (path: string) => JSON.parse(read(path));

describe('mirrorRegistry()', () => {
  it('copies everything, then what came since', async () => {
    await publish(replica, token, samplePackage({ name: '@alice/one' }));
    await publish(replica, token, samplePackage({ name: 'two' }));
    expect(await mirror()).toEqual({ seq: 3, entries: 3, packages: 2, blobs: 2 });
    expect(await mirror()).toEqual({ seq: 3, entries: 0, packages: 0, blobs: 0 });
    await publish(replica, token, samplePackage({ name: 'two', version: '2.0.0' }));
    expect(await mirror()).toEqual({ seq: 4, entries: 1, packages: 1, blobs: 1 });

    const served = await replica.app.inject('/api/v1/packages/two');
    expect(json('packages/two/package.json')).toEqual(served.json());
    expect(json('packages/@alice/one/versions/1.0.0.json')).toMatchObject({ name: '@alice/one', version: '1.0.0' });
    for (const { digest } of served.json().versions) {
      expect(digestOf(readFileSync(join(folder, mirrorBlobFile(digestHex(digest)))))).toBe(digest);
    }
    expect(json('search.json')).toMatchObject({
      total: 2,
      isTotalExact: true,
      results: [{ name: '@alice/one' }, { name: 'two', version: '2.0.0' }],
    });
    expect(openCheckpoint(read('checkpoint'), parseNoteKey(json('ebpm-mirror.json').key)).seq).toBe(4);
  });

  it('leaves a log whose chain verifies, also when only some names are mirrored', async () => {
    await publish(replica, token, samplePackage({ name: 'tcptop' }));
    await publish(replica, token, samplePackage({ name: 'secretive' }));
    expect(await mirror(['tcp*'])).toMatchObject({ packages: 1, blobs: 1 });
    expect(readdirSync(join(folder, 'packages'))).toEqual(['tcptop']);
    const store = await openDirectoryStore({ path: folder, clock: systemClock, random: systemRandom });
    const seen: unknown[] = [];
    for await (const { entry } of walkLog(store, 'log')) seen.push(entry.ops.map(({ op }) => op?.['name']));
    expect(seen).toEqual([[undefined], ['tcptop'], [undefined]]);
    expect(read('log/000000000003')).not.toContain('secretive');
  });

  it('removes a package that is not shown any more', async () => {
    await publish(replica, token, samplePackage({ name: '@alice/one' }));
    await mirror();
    const [user] = replica.registry.accountIndex.users();
    await replica.registry.log.commit({
      type: 'visibility',
      by: String(user?.id),
      name: '@alice/one',
      visibility: 'private',
    });
    // Whether the API shows a private package to somebody without a token is not what this is about.
    const hidden = source();
    Object.defineProperty(hidden, 'package', { value: async () => undefined });
    await mirrorRegistry(hidden, new MirrorFiles(folder, systemRandom), []);
    expect(existsSync(join(folder, 'packages/@alice/one/package.json'))).toBe(false);
    expect(json('search.json').results).toEqual([]);
  });

  it('refuses a registry that went back, forked, or is another one', async () => {
    await publish(replica, token, samplePackage());
    await mirror();
    const state = read('ebpm-mirror.json');
    writeFileSync(join(folder, 'ebpm-mirror.json'), JSON.stringify({ ...JSON.parse(state), seq: 9 }));
    await expect(mirror()).rejects.toMatchObject({ code: 'EBPM_REGISTRY_FORKED' });
    writeFileSync(join(folder, 'ebpm-mirror.json'), JSON.stringify({ ...JSON.parse(state), hash: 'ab'.repeat(32) }));
    await expect(mirror()).rejects.toMatchObject({ code: 'EBPM_REGISTRY_FORKED' });
    writeFileSync(join(folder, 'ebpm-mirror.json'), state);
    const other = new RegistryWorld();
    const before = replica;
    replica = await other.replica();
    await replica.app.listen({ port: 0, host: '127.0.0.1' });
    await expect(mirror()).rejects.toMatchObject({ code: 'EBPM_NOTE_INVALID' });
    replica = before;
    await other.close();
  });

  it('refuses a version whose digest is not that of the log', async () => {
    await publish(replica, token, samplePackage());
    const lying = source();
    const { version } = lying;
    Object.defineProperty(lying, 'version', {
      value: async (...args: [string, string]) => ({
        ...(await version.apply(lying, args)),
        digest: `sha256:${'ab'.repeat(32)}`,
      }),
    });
    await expect(mirrorRegistry(lying, new MirrorFiles(folder, systemRandom), [])).rejects.toMatchObject({
      code: 'EBPM_REGISTRY_FORKED',
    });
    expect(existsSync(join(folder, 'ebpm-mirror.json'))).toBe(false);
  });

  it('refuses other names than it has, a damaged state, and what is no registry', async () => {
    await mirror(['a*']);
    await expect(mirror()).rejects.toMatchObject({ code: 'EBPM_MIRROR_DIFFERS' });
    writeFileSync(join(folder, 'ebpm-mirror.json'), '{"mirror":1');
    await expect(mirror(['a*'])).rejects.toMatchObject({ code: 'EBPM_MIRROR_DAMAGED' });
    const nowhere = new MirrorSource(outbound, `${source().url}/other`);
    await expect(mirrorRegistry(nowhere, new MirrorFiles(`${folder}2`, systemRandom), [])).rejects.toMatchObject({
      code: 'EBPM_MIRROR_SOURCE',
    });
  });
});

describe('matchesNames()', () => {
  it.each([
    ['tcptop', [], true],
    ['tcptop', ['tcp*'], true],
    ['tcptop', ['*top'], true],
    ['tcptop', ['t*t*p'], true],
    ['tcptop', ['tcptop'], true],
    ['@acme/x', ['@acme/*'], true],
    ['@acme/x', ['@acme'], false],
    ['tcptop', ['tcpto'], false],
    ['tcptop', ['udp*', '*x'], false],
    ['aa', ['aa*aa'], false],
  ])('%s is among %j: %s', (name, patterns, wanted) => {
    expect(matchesNames(name, patterns)).toBe(wanted);
  });
});
