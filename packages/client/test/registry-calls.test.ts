import { generateKeyPairSync } from 'node:crypto';
import { proveKey } from '@ebpm/formats';
import { afterEach, describe, expect, test } from 'vitest';
import { Http } from '../src/http.js';
import { RegistryClient } from '../src/registry-client.js';
import { type LoopbackServer, sendJson, serve } from './loopback-server.js';
import { refused } from './refused.js';

let http: Http;
let server: LoopbackServer;

async function client(answer?: unknown, token?: string): Promise<RegistryClient> {
  http = new Http({ userAgent: 'ebpm/test' });
  server = await serve((_request, response) => {
    if (answer === undefined) response.writeHead(204).end();
    else sendJson(response, 200, answer);
  });
  return new RegistryClient(http, server.url, token);
}
afterEach(async () => {
  await http.close();
  await server.close();
});

const TOKEN = { id: 't_1', token: 'ebpm_x' };
const PRIVATE_KEY = generateKeyPairSync('ed25519').privateKey;
const KEY = {
  id: 'k_1',
  owner: { id: 'u_1', name: 'ann', kind: 'user' },
  publicKey: 'A'.repeat(43),
  registeredAt: '2026-01-01T00:00:00.000Z',
};
const ORGANISATION = { id: 'o_1', name: 'acme', members: [], teams: [] };
const CODE = { otp: '123456' };
const MEMBER = { organisation: 'acme', team: 'core', user: 'ann' };

type Use = (registry: RegistryClient) => Promise<unknown>;

/** Every method, with the request that it sends. */
const CALLS: readonly (readonly [use: Use, request: string, body?: unknown, answer?: unknown])[] = [
  [(r) => r.packages.yank('@a/x', '1.0.0', 'bad'), 'PUT /packages/%40a%2Fx/versions/1.0.0/yank', { reason: 'bad' }],
  [(r) => r.packages.yank('x', '1.0.0'), 'PUT /packages/x/versions/1.0.0/yank', {}],
  [(r) => r.packages.unyank('x', '1.0.0'), 'DELETE /packages/x/versions/1.0.0/yank'],
  [(r) => r.packages.deprecate('x', 'old'), 'PUT /packages/x/deprecation', { message: 'old' }],
  [(r) => r.packages.deprecate('x', '', '1.0.0'), 'PUT /packages/x/deprecation', { message: '', version: '1.0.0' }],
  [(r) => r.packages.setTag('x', 'next', '1.0.0'), 'PUT /packages/x/tags/next', { version: '1.0.0' }],
  [(r) => r.packages.removeTag('x', 'next'), 'DELETE /packages/x/tags/next'],
  [(r) => r.packages.owners('x'), 'GET /packages/x/owners', undefined, { owners: [] }],
  [(r) => r.packages.addOwner('x', 'ann'), 'PUT /packages/x/owners/ann'],
  [(r) => r.packages.removeOwner('x', 'ann'), 'DELETE /packages/x/owners/ann'],
  [(r) => r.packages.setVisibility('x', 'private'), 'PUT /packages/x/visibility', { visibility: 'private' }],
  [(r) => r.packages.policy('x'), 'GET /packages/x/policy', undefined, { otp: true, trustedOnly: false }],
  [
    (r) => r.packages.setPolicy('x', { otp: true, trustedOnly: false }),
    'PUT /packages/x/policy',
    { otp: true, trustedOnly: false },
  ],
  [(r) => r.packages.trusts('x'), 'GET /packages/x/trusts', undefined, { trusts: [] }],
  [
    (r) => r.packages.addTrust('x', { issuer: 'https://ci', claims: { sub: 'a' } }),
    'POST /packages/x/trusts',
    { issuer: 'https://ci', claims: { sub: 'a' } },
    { id: 'c_1', issuer: 'https://ci', claims: { sub: 'a' } },
  ],
  [(r) => r.packages.removeTrust('x', 'c_1'), 'DELETE /packages/x/trusts/c_1'],
  [(r) => r.account.tokens(), 'GET /tokens', undefined, { tokens: [] }],
  [(r) => r.account.createToken({ allow: ['read'] }), 'POST /tokens', { allow: ['read'] }, TOKEN],
  [(r) => r.account.revokeToken('t_1'), 'DELETE /tokens/t_1'],
  [(r) => r.account.keys(), 'GET /keys', undefined, { keys: [] }],
  [(r) => r.account.keys('acme'), 'GET /keys?organisation=acme', undefined, { keys: [] }],
  [(r) => r.account.key('k_1'), 'GET /keys/k_1', undefined, KEY],
  [(r) => r.account.addKey(PRIVATE_KEY, 'u_1'), 'POST /keys', proveKey(PRIVATE_KEY, 'u_1'), KEY],
  [
    (r) => r.account.addKey(PRIVATE_KEY, 'o_1', { organisation: 'acme' }),
    'POST /keys',
    { ...proveKey(PRIVATE_KEY, 'o_1'), organisation: 'acme' },
    KEY,
  ],
  [(r) => r.account.revokeKey('k_1'), 'DELETE /keys/k_1'],
  [(r) => r.account.setPassword('new', 'old'), 'PUT /account/password', { password: 'new', current: 'old' }],
  [(r) => r.account.beginOtp(), 'POST /account/otp', {}, { secret: 'A', uri: 'otpauth:x' }],
  [(r) => r.account.beginOtp('p'), 'POST /account/otp', { password: 'p' }, { secret: 'A', uri: 'otpauth:x' }],
  [(r) => r.account.confirmOtp('123456'), 'PUT /account/otp', { code: '123456' }],
  [(r) => r.account.removeOtp('123456'), 'DELETE /account/otp', { code: '123456' }],
  [(r) => r.organisations.create('acme'), 'POST /organisations', { name: 'acme' }, ORGANISATION],
  [(r) => r.organisations.organisation('acme'), 'GET /organisations/acme', undefined, ORGANISATION],
  [
    (r) => r.organisations.setMember('acme', 'ann', { role: 'admin' }),
    'PUT /organisations/acme/members/ann',
    { role: 'admin' },
  ],
  [(r) => r.organisations.removeMember('acme', 'ann'), 'DELETE /organisations/acme/members/ann'],
  [(r) => r.organisations.createTeam('acme', 'core'), 'PUT /organisations/acme/teams/core'],
  [(r) => r.organisations.removeTeam('acme', 'core'), 'DELETE /organisations/acme/teams/core'],
  [(r) => r.organisations.addTeamMember(MEMBER), 'PUT /organisations/acme/teams/core/members/ann'],
  [(r) => r.organisations.removeTeamMember(MEMBER), 'DELETE /organisations/acme/teams/core/members/ann'],
  [
    (r) => r.organisations.grant('acme', 'core', { pattern: '@acme/*', level: 'write' }),
    'PUT /organisations/acme/teams/core/grants',
    { pattern: '@acme/*', level: 'write' },
  ],
];

describe('RegistryClient', () => {
  for (const [use, request, body, answer] of CALLS) {
    test(`RegistryClient sends "${request}"`, async () => {
      const result = await use(await client(answer, 't1'));
      expect(result).toEqual(answer);
      const [seen] = server.seen;
      expect(`${seen?.method} ${seen?.path.replace('/api/v1', '')}`).toBe(request);
      expect(seen?.headers).toMatchObject({ authorization: 'Bearer t1' });
      expect(seen?.body.length === 0 ? undefined : JSON.parse(String(seen?.body))).toEqual(body);
    });
  }

  test('RegistryClient.account.login() and exchange() need no token', async () => {
    const registry = await client(TOKEN);
    expect(await registry.account.login({ user: 'ann', password: 'p' })).toEqual(TOKEN);
    expect(await registry.account.exchange('x', 'jwt')).toEqual(TOKEN);
    expect(server.seen.map(({ body }) => JSON.parse(String(body)))).toEqual([
      { user: 'ann', password: 'p' },
      { package: 'x', token: 'jwt' },
    ]);
  });

  test.each<[string, Use]>([
    ['packages.addOwner()', (r) => r.packages.addOwner('x', 'ann', CODE)],
    ['packages.removeOwner()', (r) => r.packages.removeOwner('x', 'ann', CODE)],
    ['packages.setVisibility()', (r) => r.packages.setVisibility('x', 'private', CODE)],
    ['packages.setPolicy()', (r) => r.packages.setPolicy('x', { otp: false, trustedOnly: false }, CODE)],
    ['packages.addTrust()', (r) => r.packages.addTrust('x', { issuer: 'https://ci', claims: { sub: 'a' } }, CODE)],
    ['organisations.setMember()', (r) => r.organisations.setMember('acme', 'ann', { role: 'admin', ...CODE })],
    ['organisations.removeMember()', (r) => r.organisations.removeMember('acme', 'ann', CODE)],
    ['organisations.addTeamMember()', (r) => r.organisations.addTeamMember(MEMBER, CODE)],
    ['organisations.grant()', (r) => r.organisations.grant('acme', 'core', { pattern: 'x', level: 'read', ...CODE })],
  ])('RegistryClient.%s sends a one-time code, as a header alone', async (_, use) => {
    await use(await client({ id: 'c_1', issuer: 'https://ci', claims: { sub: 'a' } }, 't1'));
    const [seen] = server.seen;
    expect(seen?.headers['ebpm-otp']).toBe(CODE.otp);
    expect(String(seen?.body)).not.toContain(CODE.otp);
  });

  test('RegistryClient changes nothing without a token', async () => {
    const registry = await client();
    await expect(registry.packages.addOwner('x', 'ann')).rejects.toEqual(refused('EBPM_TOKEN_MISSING'));
    expect(server.seen).toEqual([]);
  });
});
