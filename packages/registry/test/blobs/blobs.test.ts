import { digestHex, digestOf } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { createBlobs } from '../../src/blobs/blobs.js';
import { blobKey } from '../../src/stores/keys.js';
import { createMemoryStore } from '../../src/stores/memory.js';

const SMALL = Buffer.from('small');
const LARGE = Buffer.alloc(100_000, 'x');
const OTHER = digestOf(Buffer.from('other'));

describe('createBlobs()', () => {
  it.each([
    ['small', SMALL],
    ['large', LARGE],
  ])('put() stores %s bytes under their digest', async (_, bytes) => {
    const store = createMemoryStore();
    const blobs = createBlobs(store);
    await blobs.put(digestOf(bytes), bytes);
    await blobs.put(digestOf(bytes), bytes);
    expect(Buffer.from((await blobs.get(digestOf(bytes))) ?? [])).toEqual(bytes);
    expect(await blobs.size(digestOf(bytes))).toBe(bytes.length);
    expect(await store.list('blobs/sha256/')).toEqual([blobKey(digestHex(digestOf(bytes)))]);
  });

  it('put() stores bytes in shared memory, and refuses those of another digest', async () => {
    const bytes = Buffer.from(new SharedArrayBuffer(1_000_000)).fill('shared');
    const blobs = createBlobs(createMemoryStore());
    await blobs.put(digestOf(bytes), bytes);
    expect(await blobs.size(digestOf(bytes))).toBe(bytes.length);
    await expect(blobs.put(OTHER, bytes)).rejects.toMatchObject({ code: 'EBPM_DIGEST_MISMATCH' });
  });

  it('put() refuses bytes of another digest, and writes nothing', async () => {
    const store = createMemoryStore();
    await expect(createBlobs(store).put(OTHER, SMALL)).rejects.toMatchObject({ code: 'EBPM_DIGEST_MISMATCH' });
    expect(await store.list('blobs/sha256/')).toEqual([]);
  });

  it.each([
    ['small', SMALL],
    ['large', LARGE],
  ])('put() finds out that the store cut %s bytes', async (_, bytes) => {
    const store = createMemoryStore();
    const cutting = { ...store, putBlob: (key: never, all: Uint8Array) => store.putBlob(key, all.subarray(1)) };
    const stored = createBlobs(cutting).put(digestOf(bytes), bytes);
    await expect(stored).rejects.toMatchObject({ code: 'EBPM_STORE_UNAVAILABLE', outcome: 'ambiguous' });
  });

  it('put() finds out that the store changed small bytes', async () => {
    const store = createMemoryStore();
    const changing = { ...store, putBlob: (key: never) => store.putBlob(key, Buffer.from('SMALL')) };
    await expect(createBlobs(changing).put(digestOf(SMALL), SMALL)).rejects.toMatchObject({ outcome: 'ambiguous' });
  });

  it('put() reads nothing back from a store that vouches for what it has', async () => {
    const store = createMemoryStore();
    const never = () => Promise.reject(new Error('nobody asked'));
    const vouching = { ...store, putBlob: async () => 'vouched' as const, get: never, head: never };
    await createBlobs(vouching).put(digestOf(SMALL), SMALL);
  });

  it('get() refuses bytes that were changed in the store', async () => {
    const store = createMemoryStore();
    await store.putBlob(blobKey(digestHex(OTHER)), SMALL);
    await expect(createBlobs(store).get(OTHER)).rejects.toMatchObject({ code: 'EBPM_BLOB_DAMAGED' });
  });

  it('get() and size() say that there is no such blob', async () => {
    const blobs = createBlobs(createMemoryStore());
    expect(await blobs.get(OTHER)).toBeUndefined();
    expect(await blobs.size(OTHER)).toBeUndefined();
  });
});
