import { digestOf } from '@ebpm/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.js';
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

  it('sends a part, unless the client has a part of something else', async () => {
    const part = await get(sample.digest, { range: 'bytes=512-1023' });
    expect(part.rawPayload).toEqual(Buffer.from(sample.archive).subarray(512, 1024));
    expect([part.statusCode, part.headers['content-range']]).toEqual([206, `bytes 512-1023/${sample.archive.length}`]);
    const same = await get(sample.digest, { range: 'bytes=0-0', 'if-range': etag });
    const other = await get(sample.digest, { range: 'bytes=0-0', 'if-range': '"other"' });
    expect([same.statusCode, other.statusCode]).toEqual([206, 200]);
  });

  it('refuses a part behind the end with 416, which no cache keeps', async () => {
    const answer = await get(sample.digest, { range: 'bytes=9999999-' });
    expect([answer.statusCode, answer.json().code]).toEqual([416, 'EBPM_RANGE_INVALID']);
    expect(answer.headers).toMatchObject({
      'content-range': `bytes */${sample.archive.length}`,
      'cache-control': 'no-store',
    });
  });

  it('sends clients to the store for the bytes where it is told to and the store can', async () => {
    const location = async (digest: string) => `https://s3.example/${digest}?signature`;
    const registry = { ...replica.registry, blobs: { ...replica.registry.blobs, location } };
    const app = buildApp({ registry, settings: { blobRedirect: true } });
    const url = `/api/v1/blobs/${sample.digest.replace(':', '/')}`;
    const answer = await app.inject(url);
    const known = await app.inject({ url, headers: { 'if-none-match': etag } });
    const missing = await app.inject(`/api/v1/blobs/sha256/${'0'.repeat(64)}`);
    await app.close();
    expect([answer.statusCode, answer.headers.location]).toEqual([307, await location(sample.digest)]);
    expect([answer.headers['cache-control'], known.statusCode, missing.statusCode]).toEqual(['no-store', 304, 404]);
  });

  it('does not serve bytes that no version has', async () => {
    const orphan = Buffer.from('stored for a publish that did not happen');
    await replica.registry.blobs.put(digestOf(orphan), orphan);
    const answer = await get(digestOf(orphan));
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'EBPM_BLOB_NOT_FOUND']);
  });

  it('says 404 when the store has lost the bytes', async () => {
    const { digest } = await lost();
    const answer = await get(digest);
    expect([answer.json().code, answer.headers['cache-control']]).toEqual(['EBPM_BLOB_NOT_FOUND', 'no-store']);
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
