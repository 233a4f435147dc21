import { digestOf } from '@ebpm/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
const sample = samplePackage();
const etag = `"${sample.digest}"`;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  await publish(replica, await world.tokenOf('alice', replica), sample);
});
afterAll(() => world.close());

const get = (digest: string, headers = {}) =>
  replica.app.inject({ url: `/api/v1/blobs/sha256/${digest.slice('sha256:'.length)}`, headers });

describe('GET /api/v1/blobs/sha256/{hex}', () => {
  it('gives the very bytes, to be kept for ever', async () => {
    const answer = await get(sample.digest);
    expect(answer.rawPayload).toEqual(Buffer.from(sample.archive));
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-tar',
      'content-length': String(sample.archive.length),
      'cache-control': 'public, max-age=31536000, immutable',
      etag,
    });
  });

  it.each([etag, `W/${etag}`, `"other", ${etag}`, '*'])('answers 304 when the client has %s', async (tag) => {
    const answer = await get(sample.digest, { 'if-none-match': tag });
    expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag]);
  });

  it('sends the bytes when the client has others', async () => {
    expect((await get(sample.digest, { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });

  it('does not serve bytes that no version has', async () => {
    const orphan = Buffer.from('stored for a publish that did not happen');
    await replica.registry.blobs.put(digestOf(orphan), orphan);
    const answer = await get(digestOf(orphan));
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'EBPM_BLOB_NOT_FOUND']);
  });

  it('says 404 when the store has lost the bytes', async () => {
    const { digest } = await lost();
    expect((await get(digest)).json().code).toBe('EBPM_BLOB_NOT_FOUND');
  });

  it('says 500 EBPM_BLOB_DAMAGED instead of sending other bytes', async () => {
    const { digest, key } = await lost();
    await world.store.create(key, Buffer.from('other bytes'));
    const answer = await get(digest);
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'EBPM_BLOB_DAMAGED']);
  });

  it.each(['', 'abc', 'G'.repeat(64), 'A'.repeat(64)])('refuses the digest "%s"', async (hex) => {
    expect((await get(`sha256:${hex}`)).statusCode).toBe(400);
  });
});

/** A version whose blob is gone from the store. */
async function lost() {
  const token = await world.tokenOf(`user-${Math.random().toString(36).slice(2)}`, replica);
  const { digest, ...rest } = samplePackage({
    name: `lost-${token
      .slice(-8)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, 'x')}`,
  });
  await publish(replica, token, { digest, ...rest });
  const key = `blobs/sha256/${digest.slice(7, 9)}/${digest.slice(9)}` as const;
  await world.store.remove(key);
  return { digest, key };
}
