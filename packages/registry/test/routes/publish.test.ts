import { digestOf, packTar } from '@ebpm/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HTTP_LIMITS } from '../../src/limits.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Store } from '../../src/stores/store.js';
import { type PublishOverrides, publish, RegistryWorld, type Replica } from '../registry-world.js';
import { type SampleOptions, samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let alice: string;
let bob: string;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  [alice, bob] = await Promise.all([world.tokenOf('alice', replica), world.tokenOf('bob', replica)]);
});
afterAll(() => world.close());

const send = (options: SampleOptions, overrides?: PublishOverrides, token = alice) =>
  publish(replica, token, samplePackage(options), overrides);

describe('PUT /api/v1/packages/{name}/versions/{version}', () => {
  it('publishes a new version with 201, its number and positions', async () => {
    const { digest, name, version } = samplePackage({ name: 'first' });
    const answer = await send({ name });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ name, version, digest, seq: expect.any(Number), created: true });
    expect(answer.headers['ebpm-seq']).toMatch(new RegExp(`^${answer.json().seq}-[0-9a-f]{8},\\d+-[0-9a-f]{8}$`));
  });

  it('answers the same bytes again with 200 and the first number', async () => {
    const first = await send({ name: 'again' });
    const second = await send({ name: 'again' });
    expect(second.statusCode).toBe(200);
    expect(second.json()).toEqual({ ...first.json(), created: false });
  });

  it('heals the blob of a version that is published again', async () => {
    const { digest, ...sample } = samplePackage({ name: 'healed' });
    await publish(replica, alice, { digest, ...sample });
    await world.store.remove(`blobs/sha256/${digest.slice(7, 9)}/${digest.slice(9)}`);
    await publish(replica, alice, { digest, ...sample });
    expect(await replica.registry.blobs.get(digest)).toEqual(sample.archive);
  });

  it.each([
    ['that is copied for the thread', 50_000],
    ['in shared memory', 500_000],
    ['in memory that is used again', 3_000_000],
    ['shorter than the one before in the same memory', 2_500_000],
    ['as large as the one before', 2_500_000],
  ])('stores an archive %s as it is', async (content, sizeBytes) => {
    const { digest, ...sample } = samplePackage({
      name: `sized-${sizeBytes}`,
      content: content.repeat(sizeBytes / 50),
      version: `1.0.${content.length}`,
    });
    expect((await publish(replica, alice, { digest, ...sample })).statusCode).toBe(201);
    expect(Buffer.compare((await replica.registry.blobs.get(digest)) ?? Buffer.alloc(0), sample.archive)).toBe(0);
  });

  it('takes a scoped name that is percent-encoded in the path', async () => {
    const { user } = await replica.registry.accounts.createToken('alice');
    await replica.registry.accounts.addOrganisation('acme', user);
    expect((await send({ name: '@acme/x' })).statusCode).toBe(201);
    expect((await replica.app.inject('/api/v1/packages/@acme%2Fx')).json().name).toBe('@acme/x');
  });

  it('stores nothing of a publish that the rules forbid', async () => {
    await send({ name: 'kept' });
    const { digest, ...other } = samplePackage({ name: 'kept', content: 'other bytes' });
    expect((await publish(replica, alice, { digest, ...other })).statusCode).toBe(409);
    expect(await replica.registry.blobs.size(digest)).toBeUndefined();
  });

  it('lets many publish different versions at once, all in the log once', async () => {
    const versions = Array.from({ length: 20 }, (_, i) => `1.${i}.0`);
    const answers = await Promise.all(versions.map((version) => send({ name: 'many', version })));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(versions.map(() => 201));
    const listed = (await replica.app.inject('/api/v1/packages/many')).json().versions;
    expect(listed.map(({ version }: { version: string }) => version).sort()).toEqual([...versions].sort());
  });

  it('gives one of several racing contents the version, and 409 to the others', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((content) => send({ name: 'race', content })));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409, 409, 409]);
  });

  it('answers racing publishes of the same bytes with one 201 and the same number', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => send({ name: 'same' })));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 201]);
    expect(new Set(answers.map((answer) => answer.json().seq)).size).toBe(1);
  });

  it('stores the archive again when it was swept away before the log named it', async () => {
    const inner = createMemoryStore();
    let meanwhile = async () => {};
    const store: Store = {
      ...inner,
      async putBlob(key, bytes) {
        await inner.putBlob(key, bytes);
        await meanwhile();
        return 'vouched';
      },
    };
    const own = new RegistryWorld(store);
    const other = await own.replica();
    const token = await own.tokenOf('alice', other);
    const { digest, ...sample } = samplePackage({ name: 'swept' });
    meanwhile = async () => {
      meanwhile = async () => {};
      const op = { by: 'registry', digests: [digest] };
      await other.registry.log.commit({ type: 'condemn', ...op });
      await inner.remove(`blobs/sha256/${digest.slice(7, 9)}/${digest.slice(9)}`);
      await other.registry.log.commit({ type: 'swept', ...op });
    };
    expect((await publish(other, token, { digest, ...sample })).statusCode).toBe(201);
    expect(await other.registry.blobs.get(digest)).toEqual(sample.archive);
    await own.close();
  });

  it('refuses a token that was revoked while the publish waited', async () => {
    const { registry } = replica;
    await registry.accounts.addUser('carol');
    const carol = await registry.accounts.createToken('carol', undefined);
    const other = await world.replica();
    const [, answer] = await Promise.all([
      other.registry.accounts.revokeToken(carol.id),
      (async () => {
        // Waits behind another publish, so that the revocation is in the accounts log first.
        const first = send({ name: 'ahead' });
        const second = publish(replica, carol.token, samplePackage({ name: 'behind' }));
        await first;
        return second;
      })(),
    ]);
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'EBPM_TOKEN_INVALID']);
    expect((await replica.app.inject('/api/v1/packages/behind')).statusCode).toBe(404);
  });

  describe.each<[string, () => Promise<{ statusCode: number; json(): { code: string } }>, number, string]>([
    ['other contents of a version', () => send({ name: 'first', content: 'x' }), 409, 'EBPM_VERSION_EXISTS'],
    [
      'build metadata as another version',
      () => send({ name: 'first', version: '1.0.0+b' }),
      409,
      'EBPM_VERSION_EXISTS',
    ],
    ["another user's package", () => send({ name: 'first', version: '2.0.0' }, {}, bob), 403, 'EBPM_NOT_OWNER'],
    ['a name that looks like another', () => send({ name: 'fi-r.st' }), 409, 'EBPM_NAME_TOO_SIMILAR'],
    ['a prerelease without a tag', () => send({ name: 'pre', version: '1.0.0-rc.1' }), 422, 'EBPM_TAG_REQUIRED'],
    ['latest on a prerelease', () => tagged('1.0.0-rc.1', 'latest'), 422, 'EBPM_TAG_INVALID'],
    ['a tag that reads as a range', () => tagged('1.0.0', 'v1'), 422, 'EBPM_TAG_INVALID'],
    ['an empty tag', () => tagged('1.0.0', ''), 400, 'EBPM_REQUEST_INVALID'],
    ['an unknown query key', () => send({}, { url: `${url('q')}?tags=x` }), 400, 'EBPM_REQUEST_INVALID'],
    [
      'a digest of other bytes',
      () => send({}, { headers: { 'ebpm-digest': digestOf(Buffer.from('x')) } }),
      422,
      'EBPM_DIGEST_MISMATCH',
    ],
    ['no digest', () => send({}, { headers: { 'ebpm-digest': '' } }), 400, 'EBPM_REQUEST_INVALID'],
    [
      'another content type',
      () => send({}, { headers: { 'content-type': 'application/json' } }),
      415,
      'EBPM_UNSUPPORTED_MEDIA_TYPE',
    ],
    ['bytes that are no tar', () => raw(Buffer.from('not a tar')), 422, 'EBPM_ARCHIVE_TRUNCATED'],
    ['no bytes', () => raw(Buffer.alloc(0)), 422, 'EBPM_ARCHIVE_TRUNCATED'],
    [
      'a tar with more after its end',
      () => raw(Buffer.concat([samplePackage().archive, Buffer.alloc(512)])),
      422,
      'EBPM_ARCHIVE_NOT_CANONICAL',
    ],
    ['a tar without ebpm.json', () => raw(packTar([])), 422, 'EBPM_MANIFEST_MISSING'],
    ['a manifest that breaks its schema', () => send({ manifest: { license: 7 } }), 422, 'EBPM_MANIFEST_INVALID'],
    ['a manifest of another name', () => send({}, { url: url('other') }), 422, 'EBPM_MANIFEST_MISMATCH'],
    ['a manifest of another version', () => send({}, { url: url('sigsnoop', '1.0.1') }), 422, 'EBPM_MANIFEST_MISMATCH'],
    ['a private package', () => send({ manifest: { private: true } }), 422, 'EBPM_PACKAGE_PRIVATE'],
    ['a path that climbs', () => raw(climbing()), 422, 'EBPM_ARCHIVE_PATH'],
    ['more files than the log can list', () => send({ files: manyFiles(300) }), 422, 'EBPM_PACKAGE_METADATA_TOO_LARGE'],
    [
      'a body of more than 20 MiB',
      () => raw(Buffer.alloc(HTTP_LIMITS.packageSizeBytes + 1)),
      413,
      'EBPM_ARCHIVE_TOO_LARGE',
    ],
    ['a name that is none', () => send({}, { url: url('Sig%20Snoop') }), 400, 'EBPM_REQUEST_INVALID'],
    ['a version that is none', () => send({}, { url: url('sigsnoop', '01.0.0') }), 400, 'EBPM_REQUEST_INVALID'],
  ])('refuses %s', (_what, request, status, code) => {
    it(`with ${status} ${code}`, async () => {
      const before = replica.registry.log.head();
      const answer = await request();
      expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
      expect(replica.registry.log.head()).toEqual(before);
    });
  });
});

function url(name: string, version = '1.0.0'): string {
  return `/api/v1/packages/${name}/versions/${version}`;
}

function tagged(version: string, tag: string) {
  return send({ name: 'tagged', version }, { url: `${url('tagged', version)}?tag=${tag}` });
}

function raw(payload: Uint8Array) {
  return send({}, { payload, headers: { 'ebpm-digest': digestOf(payload) } });
}

function manyFiles(count: number) {
  return Array.from({ length: count }, (_, i) => ({ path: `include/${i}.h`, bytes: new Uint8Array() }));
}

/** A tar that packTar would not make: the path of its second file, and its checksum, are changed afterwards. */
function climbing(): Uint8Array {
  const archive = Buffer.from(samplePackage().archive);
  const at = archive.indexOf('package.json');
  archive.write('../kage.json', at, 'latin1');
  const header = archive.subarray(at, at + 512);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return archive;
}
