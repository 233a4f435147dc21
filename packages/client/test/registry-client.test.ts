import { MAX_PACKAGE_BYTES } from '@ebpm/formats';
import { afterEach, describe, expect, test } from 'vitest';
import { Http } from '../src/http.js';
import { RegistryClient } from '../src/registry-client.js';
import { type Answer, type LoopbackServer, sendJson, serve } from './loopback-server.js';
import { refused } from './refused.js';
import { samplePackage } from './sample-package.js';

const SAMPLE = samplePackage({ name: '@acme/sigsnoop' });
const VERSION = {
  version: '1.0.0',
  digest: SAMPLE.digest,
  sizeBytes: SAMPLE.archive.length,
  publishedAt: '2026-01-02T03:04:05Z',
  publisher: 'alice',
  seq: 1,
  yanked: false,
};
const PACKAGE = { name: SAMPLE.name, tags: { latest: '1.0.0' }, versions: [VERSION] };
const DOCUMENT = { ...VERSION, name: SAMPLE.name, files: [], manifest: {}, factsVersion: 0 };

let http: Http;
let server: LoopbackServer;

async function client(answer: Answer, token?: string): Promise<RegistryClient> {
  http = new Http({ userAgent: 'ebpm/test', retryDelaysMs: [] });
  server = await serve(answer);
  return new RegistryClient(http, `${server.url}/base/`, token);
}
afterEach(async () => {
  await http.close();
  await server.close();
});

describe('RegistryClient', () => {
  test('RegistryClient.package() asks below the URL of the registry, with the name in one piece', async () => {
    const registry = await client((_, response) => sendJson(response, 200, PACKAGE), 't1');
    expect(await registry.package('@acme/sigsnoop')).toEqual(PACKAGE);
    expect(server.seen).toMatchObject([
      { path: '/base/api/v1/packages/%40acme%2Fsigsnoop', headers: { authorization: 'Bearer t1' } },
    ]);
  });

  test('RegistryClient.publish() sends the archive, its digest and the tag', async () => {
    const { name, version, digest, archive } = SAMPLE;
    const result = { name, version, digest, seq: 7, created: true };
    const registry = await client((_, response) => sendJson(response, 201, result), 't1');
    expect(await registry.publish({ name, version, archive, tag: 'next' })).toEqual(result);
    const [seen] = server.seen;
    expect(seen).toMatchObject({
      method: 'PUT',
      path: '/base/api/v1/packages/%40acme%2Fsigsnoop/versions/1.0.0?tag=next',
      headers: { 'content-type': 'application/x-tar', 'ebpm-digest': digest, authorization: 'Bearer t1' },
    });
    expect(seen?.body.equals(archive)).toBe(true);
  });

  test('RegistryClient.search() sends words, limit and cursor', async () => {
    const registry = await client((_, response) =>
      sendJson(response, 200, { results: [], total: 0, isTotalExact: true }),
    );
    await registry.search({ query: 'a & b', limit: 5, cursor: 'c=' });
    expect(server.seen.map(({ path }) => path)).toEqual(['/base/api/v1/search?q=a+%26+b&limit=5&cursor=c%3D']);
  });

  test('RegistryClient.downloads() asks for a package, and takes no answer about another one', async () => {
    const counts = {
      name: 'a',
      total: 3,
      recent: 2,
      days: [{ day: '2026-01-02', downloads: 2 }],
      versions: { '1.0.0': 3 },
    };
    const registry = await client((_, response) => sendJson(response, 200, counts));
    expect(await registry.downloads('a')).toEqual(counts);
    await expect(registry.downloads('b')).rejects.toEqual(refused('EBPM_REGISTRY_ANSWER_INVALID', 'not "b"'));
    expect(server.seen[0]?.path).toBe('/base/api/v1/packages/a/downloads');
  });

  test('RegistryClient.changes() goes on from a place', async () => {
    const page = { changes: [], next: '7-0', isEnd: true };
    const registry = await client((_, response) => sendJson(response, 200, page));
    expect(await registry.changes()).toEqual(page);
    await registry.changes({ after: '7-0', limit: 5 });
    expect(server.seen.map(({ path }) => path)).toEqual([
      '/base/api/v1/changes?limit=100',
      '/base/api/v1/changes?limit=5&after=7-0',
    ]);
  });

  test('RegistryClient makes, lists and removes webhooks', async () => {
    const listed = {
      id: '0123456789abcdef',
      target: '*',
      url: 'https://example.org/',
      createdAt: '2026-01-02T03:04:05Z',
    };
    const answers = [
      [201, { ...listed, secret: 's' }],
      [200, { webhooks: [{ ...listed, failures: 0 }] }],
      [204, undefined],
    ];
    const registry = await client((_, response) => {
      const [status, body] = answers.shift() as [number, unknown];
      if (body === undefined) response.writeHead(status).end();
      else sendJson(response, status, body);
    }, 't1');
    const { target, url } = listed;
    expect(await registry.addWebhook({ target, url })).toMatchObject({ secret: 's' });
    expect(await registry.webhooks()).toEqual([{ ...listed, failures: 0 }]);
    await registry.removeWebhook(listed.id);
    expect(server.seen.map(({ method, path, body }) => [method, path, body.toString()])).toEqual([
      ['POST', '/base/api/v1/webhooks', JSON.stringify({ target, url })],
      ['GET', '/base/api/v1/webhooks', ''],
      ['DELETE', '/base/api/v1/webhooks/0123456789abcdef', ''],
    ]);
  });

  test('RegistryClient.version() takes build metadata for no other version', async () => {
    const registry = await client((_, response) => sendJson(response, 200, { ...DOCUMENT, version: '1.0.0+b7' }));
    expect(await registry.version(SAMPLE.name, '1.0.0')).toMatchObject({ version: '1.0.0+b7' });
  });

  test('RegistryClient sends back the state that it has seen', async () => {
    const registry = await client((_, response) => {
      response.setHeader('ebpm-seq', '12-8f14e45f,3-1679091c');
      sendJson(response, 200, PACKAGE);
    });
    await registry.package(SAMPLE.name);
    await registry.package(SAMPLE.name);
    expect(server.seen.map(({ headers }) => headers['ebpm-min-seq'])).toEqual([undefined, '12-8f14e45f,3-1679091c']);
  });

  test('RegistryClient passes on what the registry refuses, with its hint', async () => {
    const body = { code: 'EBPM_TOKEN_EXPIRED', message: 'Cannot let you in', data: { hint: 'log in again', x: 1 } };
    const registry = await client((_, response) => sendJson(response, 401, body), 't1');
    await expect(registry.whoami()).rejects.toMatchObject({
      code: 'EBPM_TOKEN_EXPIRED',
      message: 'Cannot let you in',
      hint: 'log in again',
      data: { x: 1, status: 401 },
    });
  });

  test("RegistryClient takes from a registry no words that are shown as this machine's own", async () => {
    const data = { diagnostics: '\x1b]0;x\x07', log: ['x'], x: 1 };
    const registry = await client((_, response) => sendJson(response, 404, { code: 'EBPM_X', message: 'no', data }));
    const error = await registry.package(SAMPLE.name).catch((thrown) => thrown);
    expect(error.data).toEqual({ x: 1, status: 404, registry: registry.url });
  });

  test('RegistryClient.whoami() and publish() need a token, and ask nothing without one', async () => {
    const registry = await client((_, response) => sendJson(response, 200, {}));
    const hint = expect.stringContaining(`ebpm login --registry ${server.url}/base`);
    await expect(registry.whoami()).rejects.toMatchObject({ code: 'EBPM_TOKEN_MISSING', hint });
    await expect(registry.publish(SAMPLE)).rejects.toMatchObject({ code: 'EBPM_TOKEN_MISSING', hint });
    expect(server.seen).toEqual([]);
  });

  test.each<[string, Answer]>([
    ['text that is not JSON', (_, response) => response.end('<html>')],
    ['JSON that breaks the schema', (_, response) => sendJson(response, 200, { ...PACKAGE, versions: [{}] })],
    ['an error that is none of a registry', (_, response) => sendJson(response, 500, { error: 'oops' })],
    ['an error page', (_, response) => response.writeHead(502).end('<html>')],
    ['another package', (_, response) => sendJson(response, 200, { ...PACKAGE, name: 'other' })],
    ['a redirect of its own kind', (_, response) => response.writeHead(304).end()],
    ['the key __proto__', (_, response) => response.end('{"__proto__":{},"name":"x"}')],
  ])('RegistryClient.package() refuses %s', async (_what, answer) => {
    const registry = await client(answer);
    await expect(registry.package(SAMPLE.name)).rejects.toEqual(refused('EBPM_REGISTRY_ANSWER_INVALID', server.url));
  });

  test('RegistryClient.publish() refuses an answer about another version or digest', async () => {
    const { name, version, digest, archive } = SAMPLE;
    const answers = [
      { version: '2.0.0', digest },
      { version, digest: `sha256:${'0'.repeat(64)}` },
    ];
    const registry = await client(
      (_, response) => sendJson(response, 201, { name, seq: 1, created: true, ...answers.pop() }),
      't1',
    );
    for (let round = 0; round < 2; round++) {
      const publish = registry.publish({ name, version, archive });
      await expect(publish).rejects.toEqual(refused('EBPM_REGISTRY_ANSWER_INVALID', 'it is about'));
    }
  });

  test('RegistryClient.blob() gives the bytes of a digest, and refuses others', async () => {
    const answers: readonly Uint8Array[] = [SAMPLE.archive, Buffer.from('else')];
    const registry = await client((_, response) => response.end(answers[server.seen.length - 1]));
    expect(Buffer.compare(await registry.blob(SAMPLE.digest), SAMPLE.archive)).toBe(0);
    await expect(registry.blob(SAMPLE.digest)).rejects.toEqual(refused('EBPM_DIGEST_MISMATCH', SAMPLE.digest));
  });

  test('RegistryClient.blob() stops at the size that an archive may have, whatever is announced', async () => {
    let sent = 0;
    const registry = await client((_, response) => {
      response.writeHead(200, { 'content-length': 10 * 1024 ** 3 });
      const chunk = Buffer.alloc(1024 * 1024);
      const more = () => {
        if (response.destroyed) return;
        sent += chunk.length;
        response.write(chunk, () => setImmediate(more));
      };
      more();
    });
    await expect(registry.blob(SAMPLE.digest)).rejects.toEqual(refused('EBPM_REGISTRY_ANSWER_INVALID', 'more than'));
    expect(sent).toBeLessThan(2 * MAX_PACKAGE_BYTES);
  });
});
