import { digestOf } from '@ebpm/formats';
import { FACTS_VERSION, factsBytes } from '@ebpm/object';
import { apiPackageKind, apiPackageSchema, apiVersionKind, apiVersionSchema, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
const stable = samplePackage({ manifest: { description: 'Watches signals', keywords: ['signals'], license: 'MIT' } });
const next = samplePackage({ version: '2.0.0-rc.1' });

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  const token = await world.tokenOf('alice', replica);
  await publish(replica, token, stable);
  await publish(replica, token, next, { url: '/api/v1/packages/sigsnoop/versions/2.0.0-rc.1?tag=next' });
});
afterAll(() => world.close());

const get = (url: string, headers = {}) => replica.app.inject({ url: `/api/v1/packages/${url}`, headers });

describe('GET /api/v1/packages/{name}', () => {
  it('gives tags, and versions in the order of publication', async () => {
    const answer = await get('sigsnoop');
    expect(validate(apiPackageKind, answer.json())).toMatchObject({ ok: true });
    expect(answer.json()).toEqual({
      name: 'sigsnoop',
      description: 'Watches signals',
      visibility: 'public',
      tags: { latest: '1.0.0', next: '2.0.0-rc.1' },
      versions: [stable, next].map(({ version, digest, archive }) => ({
        version,
        digest,
        sizeBytes: archive.length,
        publishedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        publisher: 'alice',
        seq: expect.any(Number),
        yanked: false,
        factsVersion: FACTS_VERSION,
        factsDigest: digestOf(factsBytes({ version: FACTS_VERSION, objects: [] })),
      })),
    });
  });

  it('lets only fields leave that the schema lists', () => {
    expect(Object.keys(apiPackageSchema['properties'] ?? {}).sort()).toEqual([
      'deprecated',
      'description',
      'keys',
      'name',
      'tags',
      'takenDown',
      'versions',
      'visibility',
    ]);
  });

  it('says 404 EBPM_PACKAGE_NOT_FOUND', async () => {
    expect((await get('nothing')).json().code).toBe('EBPM_PACKAGE_NOT_FOUND');
  });
});

describe('GET /api/v1/packages/{name}/versions/{version}', () => {
  it('gives the manifest as published and every file', async () => {
    const answer = await get('sigsnoop/versions/1.0.0');
    expect(validate(apiVersionKind, answer.json())).toMatchObject({ ok: true });
    expect(answer.json()).toMatchObject({
      name: 'sigsnoop',
      version: '1.0.0',
      digest: stable.digest,
      manifest: { manifest: 1, name: 'sigsnoop', version: '1.0.0', description: 'Watches signals', license: 'MIT' },
      files: [{ path: 'ebpm.json' }, { path: 'package.json', sizeBytes: 5 }],
      publisher: 'alice',
      factsVersion: FACTS_VERSION,
      factsDigest: digestOf(factsBytes({ version: FACTS_VERSION, objects: [] })),
      facts: { version: FACTS_VERSION, objects: [] },
    });
    // Nobody has signed it.
    const fields = Object.keys(apiVersionSchema['properties'] ?? {}).filter((field) => field !== 'bundles');
    expect(Object.keys(answer.json()).sort()).toEqual(fields.sort());
  });

  it('finds a version by itself with other build metadata, which makes no other version', async () => {
    expect((await get('sigsnoop/versions/1.0.0+elsewhere')).json().version).toBe('1.0.0');
  });

  it.each([
    ['sigsnoop/versions/9.9.9', 'EBPM_VERSION_NOT_FOUND'],
    ['nothing/versions/1.0.0', 'EBPM_PACKAGE_NOT_FOUND'],
  ])('says 404 for %s', async (url, code) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.json().code]).toEqual([404, code]);
  });
});

describe('ebpm-min-seq', () => {
  it('is answered at once by a replica that has the entry', async () => {
    const seen = (await get('sigsnoop')).headers['ebpm-seq'];
    expect((await get('sigsnoop', { 'ebpm-min-seq': seen })).statusCode).toBe(200);
  });

  it('makes another replica read what the writer has seen', async () => {
    const other = await world.replica();
    const token = await world.tokenOf('bob', replica);
    const written = await publish(replica, token, samplePackage({ name: 'fresh' }));
    const answer = await other.app.inject({
      url: '/api/v1/packages/fresh',
      headers: { 'ebpm-min-seq': written.headers['ebpm-seq'] },
    });
    expect(answer.statusCode).toBe(200);
  });

  it('is refused with 409 EBPM_REGISTRY_FORKED when the entry has another hash', async () => {
    const answer = await get('sigsnoop', { 'ebpm-min-seq': '1-00000000' });
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'EBPM_REGISTRY_FORKED']);
  });

  it.each(['x', '-1', '1-abc', '1,2,3'])('is refused with 400 when it is "%s"', async (seen) => {
    const answer = await get('sigsnoop', { 'ebpm-min-seq': seen });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'EBPM_REQUEST_INVALID']);
  });
});
