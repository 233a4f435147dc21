import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeDown } from '../../src/publish/take-down.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let owner: string;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  owner = await world.tokenOf('alice', replica);
  await publish(replica, owner, samplePackage());
});
afterAll(() => world.close());

async function call(method: NonNullable<InjectOptions['method']>, path: string, payload?: object, token = owner) {
  const url = `/api/v1/${path}`;
  const headers = { authorization: `Bearer ${token}` };
  const answer = await replica.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
  return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json() };
}

describe('POST /api/v1/login', () => {
  it('gives a token to who has set a password, and an end to it', async () => {
    const password = 'correct horse battery';
    expect(await call('PUT', 'account/password', { password })).toEqual({ status: 204, body: undefined });
    const { status, body } = await call('POST', 'login', { user: 'alice', password, expiresDays: 1 }, '');
    expect(status).toBe(201);
    expect(Date.parse(body.expires)).toBeGreaterThan(world.clock.nowMs());
    expect((await call('GET', 'whoami', undefined, body.token)).body.user.name).toBe('alice');
  });

  it('takes no archive for a body', async () => {
    const headers = { 'content-type': 'application/x-tar' };
    const answer = await replica.app.inject({ method: 'POST', url: '/api/v1/login', headers, payload: 'x' });
    expect([answer.statusCode, answer.json().code]).toEqual([415, 'EBPM_UNSUPPORTED_MEDIA_TYPE']);
  });
});

describe('/api/v1/tokens', () => {
  it('makes tokens that are never good for more than the one they are made with, and lists their last use', async () => {
    const { body: made } = await call('POST', 'tokens', { allow: ['account', 'read'], from: ['127.0.0.0/8'] });
    const wider = await call('POST', 'tokens', { allow: ['publish'] }, made.token);
    expect(wider).toMatchObject({ status: 403, body: { code: 'EBPM_TOKEN_FORBIDDEN' } });
    const elsewhere = await call('POST', 'tokens', { from: ['0.0.0.0/0'] }, made.token);
    expect(elsewhere).toMatchObject({ status: 403, body: { code: 'EBPM_TOKEN_FORBIDDEN' } });
    const { body: narrow } = await call('POST', 'tokens', { allow: ['read'], expiresDays: 1 }, made.token);
    const { body: listed } = await call('GET', 'tokens');
    const row = (id: string) => listed.tokens.find((token: { id: string }) => token.id === id);
    expect(row(made.id)).toMatchObject({ state: 'valid', lastUsedAt: expect.any(String), from: ['127.0.0.0/8'] });
    expect(row(narrow.id)).toMatchObject({ allow: ['read'], from: ['127.0.0.0/8'], expires: narrow.expires });
    expect(row(narrow.id).lastUsedAt).toBeUndefined();
    expect(JSON.stringify(listed)).not.toContain('hash');
    expect((await call('DELETE', `tokens/${made.id}`)).status).toBe(204);
    expect((await call('GET', 'whoami', undefined, made.token)).body.code).toBe('EBPM_TOKEN_INVALID');
  });

  it('lists uses that another process of the registry has seen', async () => {
    const { body: made } = await call('POST', 'tokens', { allow: ['read'] });
    const other = await world.replica();
    const headers = { authorization: `Bearer ${made.token}` };
    expect((await other.app.inject({ url: '/api/v1/whoami', headers })).statusCode).toBe(200);
    await other.registry.tokenUses.flush();
    world.putForward(10_000);
    const { body: listed } = await call('GET', 'tokens');
    const row = listed.tokens.find((token: { id: string }) => token.id === made.id);
    expect(row.lastUsedAt).toBe(other.registry.tokenUses.lastOf(made.id));
  });

  it.each([{ names: ['**'] }, { from: ['nowhere'] }, { allow: ['fly'] }, { allow: [] }, { surprise: 1 }])(
    'refuses %j',
    async (wish) => {
      expect(await call('POST', 'tokens', wish)).toMatchObject({ status: 400, body: { code: 'EBPM_REQUEST_INVALID' } });
    },
  );
});

describe('takeDown()', () => {
  it('leaves nothing to be read of a version, nor its number to be used', async () => {
    const sample = samplePackage({ name: 'bad', content: 'bad' });
    await publish(replica, owner, sample);
    await takeDown(replica.registry, { name: 'bad', version: '1.0.0', reason: 'malware' });
    expect(await call('GET', 'packages/bad/versions/1.0.0')).toMatchObject({
      status: 410,
      body: { code: 'EBPM_TAKEN_DOWN', data: { reason: 'malware' } },
    });
    expect((await call('GET', 'packages/bad')).body).toMatchObject({ versions: [], takenDown: ['1.0.0'] });
    expect((await call('GET', `blobs/sha256/${sample.digest.slice(7)}`)).status).toBe(404);
    expect((await publish(replica, owner, sample)).json().code).toBe('EBPM_TAKEN_DOWN');
    await takeDown(replica.registry, { name: 'bad', reason: 'malware' });
    expect((await call('GET', 'packages/bad')).status).toBe(410);
  });
});

describe('GET /api/v1/log/entries', () => {
  it('shows the operations on a private package to who may read it, and their hashes alone to others', async () => {
    const sample = samplePackage({ name: '@alice/quiet' });
    const url = '/api/v1/packages/%40alice%2Fquiet/versions/1.0.0?visibility=private';
    expect((await publish(replica, owner, sample, { url })).statusCode).toBe(201);
    const { seq } = replica.registry.log.head();
    const entry = async (token: string) => {
      const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
      return (await replica.app.inject({ url: `/api/v1/log/entries?from=${seq}`, headers })).body.trim().split('\n');
    };
    const [header, ...hidden] = await entry('');
    expect(hidden).toEqual([]);
    const shown = await entry(owner);
    expect(shown).toHaveLength(2);
    expect(shown[0]).toBe(header);
    expect(await entry(await world.tokenOf('eve', replica))).toEqual([header]);
  });
});
