import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenApiDocument } from '../../src/http/openapi.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let token: string;
let paths: readonly string[];

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  token = await world.tokenOf('alice', replica);
  await publish(replica, token, samplePackage());
  const document = (await replica.app.inject('/api/v1/openapi.json')).json() as OpenApiDocument;
  paths = Object.entries(document.paths)
    .filter(([path, methods]) => 'get' in methods && !path.endsWith('/stream'))
    .map(([path]) =>
      path
        .replace('{name}', 'sigsnoop')
        .replace('{version}', '1.0.0')
        .replace(/\{\w+\}/, 'x'),
    );
});
afterAll(() => world.close());

describe('finishAnswers()', () => {
  it('lets a CDN keep nothing for long without a word on it, and nothing that somebody with a token got', async () => {
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) {
      const open = await replica.app.inject(path);
      const own = await replica.app.inject({ url: path, headers: { authorization: `Bearer ${token}` } });
      const said = [open, own].map(({ headers }) => String(headers['cache-control']));
      expect([path, ...said]).toEqual([
        path,
        expect.stringMatching(/^(?:no-store|no-cache|public, max-age=\d+(?:, must-revalidate|, immutable)?)$/),
        expect.stringMatching(/^(?:no-store|private, .*)$/),
      ]);
    }
  });

  it.each(['/api/v1/search?q=sig', '/api/v1/changes', '/api/v1/packages/sigsnoop/owners', '/api/v1/oidc'])(
    'has %s asked for each time',
    async (url) => {
      const { headers } = await replica.app.inject(url);
      expect([headers['cache-control'], typeof headers.etag]).toEqual(['no-cache', 'string']);
    },
  );
});
