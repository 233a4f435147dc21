import { generateKeyPairSync } from 'node:crypto';
import { openRevocations, parseNoteKey, proveKey, publisherKeyId, type Revocations } from '@ebpm/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeDown } from '../../src/publish/take-down.js';
import { publish, RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

let world: RegistryWorld;
let replica: Replica;
let token: string;

beforeAll(async () => {
  world = new RegistryWorld();
  replica = await world.replica();
  token = await world.tokenOf('alice', replica);
});
afterAll(() => world.close());

async function list(): Promise<Revocations> {
  const [key, note] = await Promise.all(
    ['key', 'revocations'].map(async (name) => (await replica.app.inject(`/api/v1/log/${name}`)).body),
  );
  return openRevocations(note ?? '', parseNoteKey(key ?? ''));
}

describe('GET /api/v1/log/revocations', () => {
  it('says what was revoked and taken down as of the head, signed, and no name of a private package', async () => {
    const { log, accounts } = replica.registry;
    expect(await list()).toMatchObject({ keys: new Set(), digests: new Set(), packages: new Set() });
    const [gone, kept, whole] = ['gone', 'kept', 'whole'].map((name) => samplePackage({ name }));
    for (const sample of [gone, kept, whole]) await publish(replica, token, sample as ReturnType<typeof samplePackage>);
    const hidden = samplePackage({ name: '@alice/hidden' });
    const url = `/api/v1/packages/%40alice%2Fhidden/versions/1.0.0?visibility=private`;
    expect((await publish(replica, token, hidden, { url })).statusCode).toBe(201);
    await takeDown(replica.registry, { name: 'gone', version: '1.0.0', reason: 'malware' });
    await takeDown(replica.registry, { name: 'whole', reason: 'malware' });
    await takeDown(replica.registry, { name: '@alice/hidden', reason: 'malware' });
    const key = proveKey(generateKeyPairSync('ed25519').privateKey, await accounts.userOf('alice'));
    const headers = { authorization: `Bearer ${token}` };
    const id = publisherKeyId(key.publicKey);
    await replica.app.inject({ method: 'POST', url: '/api/v1/keys', headers, payload: key });
    await replica.app.inject({ method: 'DELETE', url: `/api/v1/keys/${id}`, headers });
    const { seq, hash } = log.head();
    expect(await list()).toMatchObject({
      seq,
      hash,
      keys: new Set([id]),
      digests: new Set([gone?.digest]),
      packages: new Set(['whole']),
    });
  });
});
