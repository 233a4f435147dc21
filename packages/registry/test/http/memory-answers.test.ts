import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let token: string;
let url: string;
const sample = samplePackage({ manifest: { description: 'what it does, '.repeat(35) } });
const DOCUMENT = '/api/v1/packages/sigsnoop';
const BLOB = `/api/v1/blobs/sha256/${sample.digest.slice(7)}`;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  token = await world.tokenOf('alice', replica);
  await publish(replica, token, sample);
  await replica.app.listen({ port: 0 });
  url = `http://127.0.0.1:${(replica.app.server.address() as AddressInfo).port}`;
});
afterAll(() => world.close());

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await replicaFetch(path, headers);
  const body = Buffer.from(await answer.arrayBuffer());
  const { 'ebpm-request-id': id, date, ...kept } = Object.fromEntries(answer.headers);
  return { status: answer.status, headers: kept, id, body };
}

/** Unlike `fetch`, it says nothing that it is not told to say; `accept-encoding` above all. */
async function replicaFetch(path: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}${path}`, { headers: { 'accept-encoding': 'identity', ...headers } });
}

/** How many requests memory has answered. */
async function fromMemory(): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = [...text.matchAll(/^ebpm_http_memory_answers_total\{status="\d+"\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('MemoryAnswers', () => {
  it.each([DOCUMENT, `${DOCUMENT}/versions/1.0.0`, BLOB])(
    'answers %s the second time as the route did',
    async (path) => {
      const first = await get(path);
      const before = await fromMemory();
      const second = await get(path);
      expect(await fromMemory()).toBe(before + 1);
      expect(second).toEqual({ ...first, id: expect.stringMatching(/^[0-9a-f]{12}-/) });
      expect(second.id).not.toBe(first.id);
      expect(second.headers).toMatchObject({ 'x-content-type-options': 'nosniff', vary: 'accept-encoding' });
    },
  );

  it.each([DOCUMENT, BLOB])('answers 304 for %s to who has it, from the route and from memory', async (path) => {
    const { etag = '' } = (await get(path)).headers;
    for (const tag of [etag, `W/${etag}`, '*']) {
      const before = await fromMemory();
      const answer = await get(path, { 'if-none-match': tag });
      expect([answer.status, answer.headers['etag'], answer.body.length]).toEqual([304, etag, 0]);
      expect(await fromMemory()).toBe(before + 1);
    }
    const authorized = await get(path, { 'if-none-match': etag, authorization: `Bearer ${token}` });
    expect([authorized.status, authorized.headers['etag']]).toEqual([304, etag]);
    expect(authorized.headers['cache-control']).toMatch(/^private, /);
  });

  it.each(['br', 'gzip'])('compresses with %s what is worth it, once', async (encoding) => {
    const plain = await get(BLOB);
    for (const _round of [1, 2, 3]) {
      const answer = await fetchRaw(BLOB, encoding);
      expect(answer.headers).toMatchObject({ 'content-encoding': encoding, etag: `W/${plain.headers['etag']}` });
      const decoded = encoding === 'br' ? brotliDecompressSync(answer.body) : gunzipSync(answer.body);
      expect(decoded).toEqual(Buffer.from(sample.archive));
      expect(answer.headers['content-length']).toBe(String(answer.body.length));
    }
  });

  it('leaves to the routes who says who he is, wants a part, or has seen something', async () => {
    await get(BLOB);
    for (const headers of [{ authorization: `Bearer ${token}` }, { range: 'bytes=0-9' }, { 'ebpm-min-seq': '1' }]) {
      const before = await fromMemory();
      expect((await get(BLOB, headers as Record<string, string>)).status).toBeLessThan(300);
      expect(await fromMemory()).toBe(before);
    }
  });

  it('never keeps an error, nor what has a query', async () => {
    for (const path of ['/api/v1/packages/nothing', `${DOCUMENT}?x=1`, '/api/v1/search?q=sigsnoop']) {
      await get(path);
      const before = await fromMemory();
      await get(path);
      expect(await fromMemory()).toBe(before);
    }
  });

  it('shows a new version at once', async () => {
    expect(JSON.parse((await get(DOCUMENT)).body.toString()).versions).toHaveLength(1);
    await publish(replica, token, samplePackage({ version: '1.1.0' }));
    expect(JSON.parse((await get(DOCUMENT)).body.toString()).versions).toHaveLength(2);
  });
});

/** `fetch` decodes; this does not. */
async function fetchRaw(path: string, encoding: string) {
  const { request } = await import('node:http');
  return new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const sent = request(`${url}${path}`, { headers: { 'accept-encoding': encoding } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(chunks) }));
    });
    sent.on('error', reject).end();
  });
}
