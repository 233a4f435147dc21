import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestHex, MIRROR_FILE, mirrorBlobFile, mirrorPackageFile, mirrorVersionFile } from '@ebpm/formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Http } from '../src/http.js';
import { RegistryClient } from '../src/registry-client.js';
import { staticPath } from '../src/static-registry.js';
import { type LoopbackServer, serve } from './loopback-server.js';
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
const HITS = ['tcptop', 'tcplife', '@acme/sigsnoop'].map((name) => ({
  name,
  version: '1.0.0',
  description: `Shows ${name}`,
  keywords: ['net'],
  publishedAt: VERSION.publishedAt,
  publisher: 'alice',
}));

let folder: string;
let http: Http;
let server: LoopbackServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-mirror-'));
  const put = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  put(MIRROR_FILE, JSON.stringify({ mirror: 1 }, null, 2));
  put(mirrorPackageFile(SAMPLE.name), JSON.stringify(PACKAGE));
  put(mirrorVersionFile(SAMPLE.name, '1.0.0'), JSON.stringify(DOCUMENT));
  put(mirrorBlobFile(digestHex(SAMPLE.digest)), SAMPLE.archive);
  put('search.json', JSON.stringify({ results: HITS, total: HITS.length, isTotalExact: true }));
  http = new Http({ userAgent: 'ebpm/test' });
  server = await serve(({ path }, response) => {
    try {
      response.end(readFileSync(join(folder, decodeURIComponent(path).replace('/base/', ''))));
    } catch {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>');
    }
  });
});
afterAll(async () => {
  await http.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

describe.each([
  ['file:', () => `file:${folder}`],
  ['a web server', () => `${server.url}/base/`],
])('RegistryClient on a mirror behind %s', (_, urlOf) => {
  const client = (token?: string) => new RegistryClient(http, urlOf(), token);

  test('RegistryClient reads packages, versions and archives', async () => {
    const registry = client();
    expect(await registry.package(SAMPLE.name)).toEqual(PACKAGE);
    expect(await registry.version(SAMPLE.name, '1.0.0+build')).toEqual(DOCUMENT);
    expect(Buffer.from(await registry.blob(SAMPLE.digest)).equals(SAMPLE.archive)).toBe(true);
  });

  test('RegistryClient.blob() checks the digest', async () => {
    const path = join(folder, mirrorBlobFile('ab'.repeat(32)));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'other bytes');
    const digest = `sha256:${'ab'.repeat(32)}` as const;
    await expect(client().blob(digest)).rejects.toThrow(refused('EBPM_DIGEST_MISMATCH'));
  });

  test('RegistryClient.search() looks for all words, page by page', async () => {
    const registry = client();
    expect(await registry.search({ query: 'TCP net', limit: 1 })).toEqual({
      results: [HITS[0]],
      total: 2,
      isTotalExact: true,
      next: '1',
    });
    expect(await registry.search({ query: 'tcp', limit: 1, cursor: '1' })).toEqual({
      results: [HITS[1]],
      total: 2,
      isTotalExact: true,
    });
    expect((await registry.search({ query: '' })).total).toBe(3);
  });

  test('RegistryClient says what is not there, and that nothing can be published', async () => {
    await expect(client().package('nothing')).rejects.toThrow(refused('EBPM_PACKAGE_NOT_FOUND'));
    await expect(client().version(SAMPLE.name, '9.9.9')).rejects.toThrow(refused('EBPM_VERSION_NOT_FOUND'));
    await expect(client().blob(`sha256:${'cd'.repeat(32)}`)).rejects.toThrow(refused('EBPM_BLOB_NOT_FOUND'));
    const known = client('t1');
    await known.package(SAMPLE.name);
    await expect(known.publish(SAMPLE)).rejects.toThrow(refused('EBPM_REGISTRY_READ_ONLY'));
    await expect(known.whoami()).rejects.toThrow(refused('EBPM_REGISTRY_READ_ONLY'));
  });
});

describe('RegistryClient', () => {
  test('RegistryClient refuses a folder that is no mirror', async () => {
    const registry = new RegistryClient(http, `file:${tmpdir()}`);
    await expect(registry.package('x')).rejects.toThrow(refused('EBPM_REGISTRY_UNREACHABLE', 'is no mirror'));
  });

  test('RegistryClient takes a web server without a mirror for no registry', async () => {
    const registry = new RegistryClient(http, `${server.url}/other`);
    await expect(registry.package('x')).rejects.toThrow(refused('EBPM_REGISTRY_ANSWER_INVALID'));
  });

  test.each([
    ['GET', '/api/v1/packages/..%2f..%2fetc'],
    ['GET', '/api/v1/packages/x/versions/..%2f1'],
    ['GET', '/api/v1/blobs/sha256/..'],
    ['PUT', '/api/v1/packages/x/versions/1.0.0'],
    ['GET', '/api/v1/whoami'],
  ] as const)('staticPath() has nothing for %s %s', (method, path) => {
    expect(staticPath(method, path)).toBeUndefined();
  });
});
