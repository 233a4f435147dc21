import { apiSearchResultKind, validate } from '@ebpm/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { type SampleOptions, samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;

const PACKAGES: readonly SampleOptions[] = [
  { name: 'tcpconnect', manifest: { description: 'Shows outgoing connections' } },
  { name: 'netwatch', manifest: { keywords: ['tcpconnect'], description: 'Counts packets' } },
  { name: 'flows', manifest: { description: 'Like tcpconnect, but counts' } },
  { name: '@acme/tcp-connect', manifest: { description: 'Ours' } },
  { name: 'opensnoop', manifest: { description: 'Öffnet Dateien', keywords: ['files'] } },
  ...Array.from({ length: 12 }, (_, i) => ({ name: `bulk-${i}`, manifest: { description: 'many' } })),
];

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  const token = await world.tokenOf('alice', replica);
  const { user } = await replica.registry.accounts.createToken('alice');
  await replica.registry.accounts.addOrganisation('acme', user);
  await Promise.all(PACKAGES.map((options) => publish(replica, token, samplePackage(options))));
});
afterAll(() => world.close());

const search = (query: Record<string, string>) =>
  replica.app.inject({ url: `/api/v1/search?${new URLSearchParams(query)}` });
const names = async (q: string): Promise<string[]> =>
  (await search({ q })).json().results.map(({ name }: { name: string }) => name);

describe('GET /api/v1/search', () => {
  it('gives name, version, description, keywords, time and publisher', async () => {
    const answer = (await search({ q: 'opensnoop' })).json();
    expect(validate(apiSearchResultKind, answer)).toMatchObject({ ok: true });
    expect(answer).toEqual({
      total: 1,
      isTotalExact: true,
      results: [
        {
          name: 'opensnoop',
          version: '1.0.0',
          description: 'Öffnet Dateien',
          keywords: ['files'],
          publishedAt: expect.any(String),
          publisher: 'alice',
        },
      ],
    });
  });

  it('ranks the whole name before the keyword before the description', async () => {
    expect(await names('tcpconnect')).toEqual(['tcpconnect', 'netwatch', 'flows']);
  });

  it.each([
    ['tcpc', ['tcpconnect', 'netwatch', 'flows']],
    ['OPEN', ['opensnoop']],
    ['acme', ['@acme/tcp-connect']],
    ['@acme/tcp', ['@acme/tcp-connect']],
    ['offnet', ['opensnoop']],
    ['counts packets', ['netwatch']],
    ['counts nothing', []],
  ])('finds by the beginnings of words: %s', async (q, expected) => {
    expect(await names(q)).toEqual(expected);
  });

  it('lists everything by name when no word is given', async () => {
    const { results, total } = (await search({ limit: '100' })).json();
    expect(total).toBe(PACKAGES.length);
    expect(results.map(({ name }: { name: string }) => name)).toEqual(PACKAGES.map(({ name }) => name ?? '').sort());
  });

  it('gives every package once over all pages', async () => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = (await search({ q: 'many', limit: '5', ...(cursor !== undefined && { cursor }) })).json();
      expect(page.total).toBe(12);
      found.push(...page.results.map(({ name }: { name: string }) => name));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(found).toHaveLength(12);
    expect(new Set(found).size).toBe(12);
  });

  it.each([
    [
      'a cursor of another query',
      { q: 'bulk', cursor: Buffer.from('5.00000000').toString('base64url') },
      'EBPM_CURSOR_INVALID',
    ],
    ['a cursor that is none', { q: 'bulk', cursor: 'x' }, 'EBPM_CURSOR_INVALID'],
    ['limit 0', { limit: '0' }, 'EBPM_REQUEST_INVALID'],
    ['limit 101', { limit: '101' }, 'EBPM_REQUEST_INVALID'],
    ['limit "many"', { limit: 'many' }, 'EBPM_REQUEST_INVALID'],
    ['a query of 201 characters', { q: 'x'.repeat(201) }, 'EBPM_REQUEST_INVALID'],
    ['an unknown key', { query: 'x' }, 'EBPM_REQUEST_INVALID'],
  ])('refuses %s with 400', async (_what, query, code) => {
    const answer = await search(query);
    expect([answer.statusCode, answer.json().code]).toEqual([400, code]);
  });

  it.each([
    '"',
    "'",
    '*',
    'a"b',
    'name:x',
    'a AND',
    'NEAR(a b)',
    'a OR b',
    '^tcp',
    '-tcp',
    '{name}: tcp',
    '\0',
    '\ud800',
  ])('takes %j as plain words', async (q) => {
    expect((await search({ q })).statusCode).toBe(200);
  });

  it('never fails on any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 100 }), async (q) => {
        expect((await search({ q })).statusCode).toBe(200);
      }),
      { numRuns: 150 },
    );
  });
});
