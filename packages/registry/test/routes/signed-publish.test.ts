import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  isRotation,
  isSignedBundle,
  openBundle,
  proveKey,
  provenanceStatement,
  publicKeyOf,
  publisherKeyId,
  publishStatement,
  type SigstoreBundle,
  signBundle,
  signRotation,
} from '@ebpm/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RegistryWorld, type Replica } from '../registry-world.js';
import { samplePackage } from '../sample-package.js';

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

/** Registers a new key, which may take the place of another one. */
async function newKey(owner: typeof alice, older?: KeyObject): Promise<KeyObject> {
  const key = generateKeyPairSync('ed25519').privateKey;
  const answer = await register(owner, key, older && rotationBy(older, key));
  expect(answer.statusCode).toBe(201);
  return key;
}

const rotationBy = (older: KeyObject, key: KeyObject) => ({
  replaces: idOf(older),
  rotation: signRotation(older, publicKeyOf(key)),
});

function register(owner: typeof alice, key: KeyObject, rotation: object = {}) {
  const headers = { authorization: `Bearer ${owner.token}` };
  const payload = { ...proveKey(key, owner.id), ...rotation };
  return replica.app.inject({ method: 'POST', url: '/api/v1/keys', headers, payload });
}

const revoke = (key: KeyObject) =>
  replica.app.inject({
    method: 'DELETE',
    url: `/api/v1/keys/${idOf(key)}`,
    headers: { authorization: `Bearer ${alice.token}` },
  });

const idOf = (key: KeyObject) => publisherKeyId(publicKeyOf(key));

type Sample = ReturnType<typeof samplePackage>;

function publishSigned(sample: Sample, bundles: unknown, token = alice.token) {
  const { name, version, digest, archive } = sample;
  const header = Buffer.from(JSON.stringify(bundles) ?? '').toString('base64');
  return replica.app.inject({
    method: 'PUT',
    url: `/api/v1/packages/${name}/versions/${version}`,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-tar',
      'ebpm-digest': digest,
      ...(bundles !== undefined && { 'ebpm-bundles': header }),
    },
    payload: Buffer.from(archive),
  });
}

const bundleOf = (sample: Sample, key: KeyObject): SigstoreBundle => signBundle(publishStatement(sample), key);

/** What the registry answers: the code of its refusal, or the status. */
async function outcome(answer: ReturnType<typeof publishSigned>): Promise<string> {
  const { statusCode, body } = await answer;
  return statusCode < 300 ? String(statusCode) : JSON.parse(body).code;
}

const documentOf = async (name: string) => (await replica.app.inject(`/api/v1/packages/${name}`)).json();

describe('PUT /api/v1/packages/{name}/versions/{version} with signed statements', () => {
  it('keeps what was signed, and shows the signature with the key', async () => {
    const key = await newKey(alice);
    const sample = samplePackage({ name: 'signed' });
    const provenance = signBundle(provenanceStatement(sample, { runDetails: {} }), key);
    const bundles = [bundleOf(sample, key), provenance];
    expect(await outcome(publishSigned(sample, bundles))).toBe('201');
    const { versions, keys } = await documentOf('signed');
    const sig = bundles[0]?.dsseEnvelope.signatures[0]?.sig;
    expect(versions[0].signature).toEqual({ key: idOf(key), sig });
    expect(keys).toEqual([{ id: idOf(key), publicKey: publicKeyOf(key), registeredAt: expect.any(String) }]);
    const version = (await replica.app.inject('/api/v1/packages/signed/versions/1.0.0')).json();
    expect(version.bundles).toEqual(bundles);
    expect(version.bundles.every((one: unknown) => isSignedBundle(openBundle(one), publicKeyOf(key)))).toBe(true);
  });

  it('refuses what is signed wrongly', async () => {
    const key = await newKey(alice);
    const [stranger, bobs] = [generateKeyPairSync('ed25519').privateKey, await newKey(bob)];
    const sample = samplePackage({ name: 'wrong' });
    const good = bundleOf(sample, key);
    const forged = { ...good, dsseEnvelope: { ...bundleOf(sample, stranger).dsseEnvelope } };
    for (const [bundles, code] of [
      [{}, 'EBPM_STATEMENT_INVALID'],
      [[], 'EBPM_STATEMENT_INVALID'],
      [[good, good, good], 'EBPM_STATEMENT_INVALID'],
      [[good, good], 'EBPM_STATEMENT_INVALID'],
      [[{}], 'EBPM_STATEMENT_INVALID'],
      [[bundleOf(samplePackage({ name: 'other' }), key)], 'EBPM_SIGNATURE_WRONG'],
      [[forged], 'EBPM_SIGNATURE_WRONG'],
      [[good, signBundle(provenanceStatement(sample, {}), bobs)], 'EBPM_SIGNATURE_WRONG'],
      [[bundleOf(sample, stranger)], 'EBPM_KEY_NOT_FOUND'],
      [[bundleOf(sample, bobs)], 'EBPM_KEY_FOREIGN'],
    ] as const) {
      expect([code, await outcome(publishSigned(sample, bundles))]).toEqual([code, code]);
    }
    expect((await replica.app.inject('/api/v1/packages/wrong')).statusCode).toBe(404);
  });

  it('takes after a signed version only what is signed by the same key or by one that took its place', async () => {
    const key = await newKey(alice);
    const other = await newKey(alice);
    const at = (version: string) => samplePackage({ name: 'kept-signed', version });
    const publishAt = (version: string, by?: KeyObject) =>
      outcome(publishSigned(at(version), by && [bundleOf(at(version), by)]));
    expect(await publishAt('1.0.0')).toBe('201');
    expect(await publishAt('1.1.0', key)).toBe('201');
    expect(await publishAt('1.2.0')).toBe('EBPM_SIGNATURE_REQUIRED');
    expect(await publishAt('1.2.0', other)).toBe('EBPM_KEY_CHANGED');
    const next = await newKey(alice, key);
    expect(await publishAt('1.2.0', key)).toBe('EBPM_KEY_RETIRED');
    expect(await publishAt('1.2.0', next)).toBe('201');
    const { keys } = await documentOf('kept-signed');
    const rotated = keys.find(({ id }: { id: string }) => id === idOf(next));
    expect(rotated.replaces).toBe(idOf(key));
    expect(isRotation(publicKeyOf(key), publicKeyOf(next), rotated.rotation)).toBe(true);
    expect((await revoke(next)).statusCode).toBe(204);
    expect(await publishAt('1.3.0', next)).toBe('EBPM_KEY_REVOKED');
    expect(await publishAt('1.3.0', other)).toBe('201');
    // What was published before is repeated as ever.
    expect(await publishAt('1.1.0', key)).toBe('200');
  });

  it('lets a key take the place of one only when that has signed it, holds, and has not been replaced', async () => {
    const [first, second] = [await newKey(alice), generateKeyPairSync('ed25519').privateKey];
    const right = rotationBy(first, second);
    const codeOf = async (rotation: object, key = second) => {
      const { statusCode, body } = await register(alice, key, rotation);
      return statusCode === 201 ? '201' : JSON.parse(body).code;
    };
    expect(await codeOf({ ...right, rotation: signRotation(second, publicKeyOf(first)) })).toBe('EBPM_KEY_PROOF_WRONG');
    expect(await codeOf({ replaces: right.replaces })).toBe('EBPM_KEY_PROOF_WRONG');
    expect(await codeOf({ ...right, replaces: idOf(second) })).toBe('EBPM_KEY_NOT_FOUND');
    expect([await codeOf(right), await codeOf(right)]).toEqual(['201', '201']);
    const third = generateKeyPairSync('ed25519').privateKey;
    expect(await codeOf(rotationBy(first, third), third)).toBe('EBPM_KEY_RETIRED');
    await revoke(second);
    expect(await codeOf(rotationBy(second, third), third)).toBe('EBPM_KEY_REVOKED');
  });

  it('folds signatures and rotations into the same tables on another replica', async () => {
    const other = await world.replica();
    await other.registry.log.kick();
    for (const name of ['signed', 'kept-signed']) {
      const [one, two] = await Promise.all(
        [replica, other].map(async ({ app }) => (await app.inject(`/api/v1/packages/${name}`)).json()),
      );
      expect(two).toEqual(one);
    }
  });
});
