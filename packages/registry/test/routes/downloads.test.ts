import { apiDownloadsKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
const sample = samplePackage({ name: 'tcp-late', manifest: { description: 'many' } });
const other = samplePackage({ name: 'tcp-other', manifest: { description: 'many' } });

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  const token = await world.tokenOf('alice', replica);
  for (const one of [other, sample]) await publish(replica, token, one);
});
afterAll(() => world.close());

const get = (url: string, headers = {}) => replica.app.inject({ url, headers });
const blob = `/api/v1/blobs/${sample.digest.replace(':', '/')}`;

describe('GET /api/v1/packages/{name}/downloads', () => {
  it('counts archives that were sent, and no answers without one', async () => {
    await replica.app.inject({ method: 'HEAD', url: blob });
    const { headers } = await get(blob);
    await get(blob);
    await replica.app.inject({ method: 'HEAD', url: blob });
    await get(blob, { range: 'bytes=0-9' });
    await get(blob, { 'if-none-match': headers.etag });
    await replica.registry.downloads.flush();
    await replica.registry.downloads.refresh();
    const answer = (await get('/api/v1/packages/tcp-late/downloads')).json();
    expect(validate(apiDownloadsKind, answer)).toMatchObject({ ok: true });
    const day = new Date().toISOString().slice(0, 10);
    expect(answer).toEqual({
      name: 'tcp-late',
      total: 2,
      recent: 2,
      days: [{ day, downloads: 2 }],
      versions: { '1.0.0': 2 },
    });
  });

  it('is how a package comes before others in search, on every replica', async () => {
    const third = await world.replica();
    await third.registry.downloads.refresh();
    for (const { app } of [replica, third]) {
      const { results } = (await app.inject({ url: '/api/v1/search?q=many' })).json();
      expect(results.map(({ name }: { name: string }) => name)).toEqual(['tcp-late', 'tcp-other']);
    }
  });

  it('knows packages alone', async () => {
    expect((await get('/api/v1/packages/tcp-other/downloads')).json()).toMatchObject({
      total: 0,
      days: [],
      versions: {},
    });
    const answer = await get('/api/v1/packages/none/downloads');
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'EBPM_PACKAGE_NOT_FOUND']);
  });
});
