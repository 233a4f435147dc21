import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../packages/registry/src/clock.js';
import { systemRandom } from '../../packages/registry/src/random.js';
import { blobKey, entryKey } from '../../packages/registry/src/stores/keys.js';
import { openStore } from '../../packages/registry/src/stores/open.js';
import { describeStore } from '../../packages/registry/test/stores/conformance.js';
import { type S3Server, startS3Server } from './s3-server.js';

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server();
});
afterAll(() => server.stop());

function open(address: string, secretAccessKey = server.secretKey) {
  const s3Credentials = { accessKeyId: server.accessKey, secretAccessKey };
  return openStore(address, { clock: systemClock, random: systemRandom, s3Credentials });
}

describeStore('S3', async (test) => {
  const store = await open(await server.newBucket());
  try {
    await test(store);
  } finally {
    await store.close();
  }
});

describe('a store on a real S3 server', () => {
  it('openStore() keeps two registries in one bucket apart by their prefixes', async () => {
    const address = await server.newBucket();
    const [one, two] = await Promise.all(['one', 'two'].map((prefix) => open(address.replace('?', `/${prefix}?`))));
    await one?.create(entryKey('log', 1), Buffer.from('x'));
    expect(await two?.head(entryKey('log', 1))).toBeUndefined();
    expect(await two?.list('log/')).toEqual([]);
    expect(await one?.list('log/')).toEqual([entryKey('log', 1)]);
    await Promise.all([one?.close(), two?.close()]);
  });

  it('presignedUrl() lets anybody read one blob, as an archive, and nothing else', async () => {
    const store = await open(await server.newBucket());
    const key = blobKey('ab'.repeat(32));
    await store.putBlob(key, Buffer.from('bytes'));
    const url = (await store.presignedUrl?.(key, 60)) ?? '';
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-tar']);
    expect(await answer.text()).toBe('bytes');
    expect(url).not.toContain(server.secretKey);
    expect((await fetch(url.replace('ab/ab', 'cd/ab'))).status).toBe(403);
    expect((await fetch(url.split('?')[0] ?? '')).status).toBe(403);
    await store.close();
  });

  it('openStore() refuses a wrong secret', async () => {
    const opened = open(await server.newBucket(), 'wrong');
    await expect(opened).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED', data: { status: 403 } });
  });

  it('openStore() refuses a bucket that does not exist', async () => {
    const opened = open(`s3://no-such-bucket?endpoint=${server.endpoint}`);
    await expect(opened).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED', data: { status: 404 } });
  });

  it('create() between 32 racers on each of 20 keys has at most one winner, whose bytes are stored', async () => {
    const store = await open(await server.newBucket());
    for (let seq = 1; seq <= 20; seq++) {
      const answers = await Promise.allSettled(
        Array.from({ length: 32 }, (_, i) => store.create(entryKey('log', seq), Buffer.from(String(i)))),
      );
      const winners = answers.flatMap((answer, i) =>
        answer.status === 'fulfilled' && answer.value === 'created' ? [String(i)] : [],
      );
      const stored = Buffer.from((await store.get(entryKey('log', seq))) ?? []).toString();
      expect(winners.filter((winner) => winner !== stored)).toEqual([]);
      expect(stored).toMatch(/^\d+$/);
    }
    await store.close();
  });

  it('putBlob() and get() carry a blob of 20 MiB', async () => {
    const store = await open(await server.newBucket());
    const key = blobKey('cd'.repeat(32));
    const bytes = Buffer.alloc(20 * 1024 * 1024, 'x');
    await store.putBlob(key, bytes);
    expect(bytes.equals((await store.get(key)) ?? new Uint8Array())).toBe(true);
    await store.close();
  });

  it('clockOffsetMs() sees that the clock of the server is that of this machine', async () => {
    const store = await open(await server.newBucket());
    expect(Math.abs(store.clockOffsetMs())).toBeLessThan(100);
    await store.close();
  });
});
