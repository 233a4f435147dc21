import { generateKeyPairSync } from 'node:crypto';
import { proveKey, publisherKeyId } from '@ebpm/formats';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/fold/principal.js';
import { ACCOUNT_LIMITS } from '../../src/limits.js';
import { RegistryWorld, type Replica } from '../registry-world.js';

let world: RegistryWorld;
let replica: Replica;
let alice: { readonly id: string; readonly token: string };
let bob: typeof alice;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  [alice, bob] = [await account('alice'), await account('bob')];
});
afterAll(() => world.close());

async function account(name: string) {
  const token = await world.tokenOf(name, replica);
  return { token, id: await replica.registry.accounts.userOf(name) };
}

async function call(method: NonNullable<InjectOptions['method']>, path: string, token = '', payload?: object) {
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  const url = `/api/v1/keys${path}`;
  const answer = await replica.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
  return {
    status: answer.statusCode,
    body: answer.body === '' ? undefined : answer.json(),
    headers: answer.headers,
  };
}

const newKey = () => generateKeyPairSync('ed25519').privateKey;

describe('/api/v1/keys', () => {
  it('registers, shows, lists and revokes a key, which never comes back', async () => {
    const wish = proveKey(newKey(), alice.id);
    const id = publisherKeyId(wish.publicKey);
    const made = await call('POST', '', alice.token, wish);
    const key = {
      id,
      owner: { id: alice.id, name: 'alice', kind: 'user' },
      publicKey: wish.publicKey,
      registeredAt: expect.any(String),
    };
    expect([made.status, made.body]).toEqual([201, key]);
    expect((await call('POST', '', alice.token, wish)).body).toEqual(made.body);
    expect((await call('GET', `/${id}`)).body).toEqual(key);
    expect((await call('GET', '', alice.token)).body).toEqual({ keys: [key] });
    expect((await call('GET', '', bob.token)).body).toEqual({ keys: [] });
    expect((await call('DELETE', `/${id}`, bob.token)).body.code).toBe('EBPM_KEY_NOT_FOUND');
    expect((await call('DELETE', `/${id}`, alice.token)).status).toBe(204);
    expect((await call('GET', `/${id}`)).body).toEqual({ ...key, revokedAt: expect.any(String) });
    expect((await call('POST', '', alice.token, wish)).body.code).toBe('EBPM_KEY_REVOKED');
  });

  it('says where the log is after a change, signed', async () => {
    const { headers } = await call('POST', '', alice.token, proveKey(newKey(), alice.id));
    expect(headers['ebpm-seq']).toMatch(new RegExp(`^${replica.registry.log.head().seq}-`));
    expect(headers['ebpm-checkpoint']).toBe(replica.registry.signedHead.header());
  });

  it('lets nobody have the key of somebody else, nor take away that he registers it', async () => {
    const key = newKey();
    const forBob = proveKey(key, bob.id);
    expect((await call('POST', '', alice.token, forBob)).body.code).toBe('EBPM_KEY_PROOF_WRONG');
    expect((await call('POST', '', bob.token, forBob)).status).toBe(201);
    expect((await call('POST', '', alice.token, proveKey(key, alice.id))).body).toMatchObject({
      code: 'EBPM_KEY_EXISTS',
      message: expect.stringContaining('it is the key of another account or organisation'),
    });
  });

  it('gives nobody’s own key to an organisation, and says that it is his own', async () => {
    const { id: organisation } = await replica.registry.accounts.addOrganisation('initech', alice.id);
    const key = newKey();
    expect((await call('POST', '', alice.token, proveKey(key, alice.id))).status).toBe(201);
    const wish = { ...proveKey(key, organisation), organisation: 'initech' };
    expect((await call('POST', '', alice.token, wish)).body).toMatchObject({
      code: 'EBPM_KEY_EXISTS',
      message: expect.stringContaining("for an organisation: it is your own account's for ever"),
      data: { hint: expect.stringContaining('ebpm keys add NAME --organisation ORGANISATION') },
    });
  });

  it('keeps keys of an organisation, which its admins change and its members see', async () => {
    const { accounts } = replica.registry;
    const { id: organisation } = await accounts.addOrganisation('acme', alice.id);
    await accounts.setMember({ organisation, user: bob.id, role: 'member' });
    const wish = { ...proveKey(newKey(), organisation), organisation: 'acme' };
    expect((await call('POST', '', bob.token, wish)).body.code).toBe('EBPM_NOT_ADMIN');
    const made = await call('POST', '', alice.token, wish);
    expect(made.body.owner).toEqual({ id: organisation, name: 'acme', kind: 'organisation' });
    expect((await call('GET', '?organisation=acme', bob.token)).body.keys).toEqual([made.body]);
    expect((await call('DELETE', `/${made.body.id}`, bob.token)).body.code).toBe('EBPM_NOT_ADMIN');
    await accounts.setMember({ organisation, user: bob.id, role: 'none' });
    expect((await call('DELETE', `/${made.body.id}`, bob.token)).body.code).toBe('EBPM_KEY_NOT_FOUND');
    expect((await call('DELETE', `/${made.body.id}`, alice.token)).status).toBe(204);
  });

  it('lets the operator revoke any key', async () => {
    const { body } = await call('POST', '', bob.token, proveKey(newKey(), bob.id));
    await replica.registry.log.commit({ type: 'key', by: OPERATOR, action: 'revoke', id: body.id });
    expect((await call('GET', `/${body.id}`)).body.revokedAt).toEqual(expect.any(String));
  });

  it('refuses more keys than one publisher needs', async () => {
    const carol = await account('carol');
    const { log } = replica.registry;
    await Promise.all(
      Array.from({ length: ACCOUNT_LIMITS.keys }, () => {
        const { publicKey } = proveKey(newKey(), carol.id);
        return log.commit({ type: 'key', by: carol.id, action: 'register', id: publisherKeyId(publicKey), publicKey });
      }),
    );
    const answer = await call('POST', '', carol.token, proveKey(newKey(), carol.id));
    expect(answer.body.code).toBe('EBPM_TOO_MANY');
  });

  it.each([
    ['a key of another size', { publicKey: 'AAAA', proof: 'A'.repeat(86) }],
    ['a proof of another size', { publicKey: 'A'.repeat(43), proof: 'AAAA' }],
    ['no proof', { publicKey: 'A'.repeat(43) }],
  ])('refuses %s', async (_what, wish) => {
    expect((await call('POST', '', alice.token, wish)).body.code).toBe('EBPM_REQUEST_INVALID');
  });

  it('refuses a key that is no point of the curve as it refuses a wrong proof', async () => {
    const wish = { publicKey: `${'_'.repeat(42)}8`, proof: 'A'.repeat(86) };
    expect((await call('POST', '', alice.token, wish)).body.code).toBe('EBPM_KEY_PROOF_WRONG');
  });
});
