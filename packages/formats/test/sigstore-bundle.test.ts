import { generateKeyPairSync, verify } from 'node:crypto';
import { bundleFromJSON, isBundleWithDsseEnvelope, isBundleWithPublicKey } from '@sigstore/bundle';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../src/digest.js';
import { isRotation, publicKeyOf, publisherKeyId, signRotation } from '../src/publisher-key.js';
import { isSignedBundle, openBundle, provenanceOf, type SigstoreBundle, signBundle } from '../src/sigstore-bundle.js';
import { provenanceStatement, publishStatement } from '../src/statement.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const KEY = publicKeyOf(privateKey);
const DIGEST: Digest = `sha256:${'ab'.repeat(32)}`;
const SUBJECT = { name: '@acme/tool', version: '1.0.0+build', digest: DIGEST };

describe('publishStatement()', () => {
  test('publishStatement() has exactly these bytes, without build metadata', () => {
    expect(Buffer.from(publishStatement(SUBJECT)).toString()).toBe(
      `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"pkg:ebpm/%40acme/tool@1.0.0","digest":{"sha256":"${'ab'.repeat(32)}"}}],"predicateType":"urn:ebpm:publish:v1","predicate":{"name":"@acme/tool","version":"1.0.0"}}`,
    );
  });
});

describe('signBundle()', () => {
  const bundle = signBundle(publishStatement(SUBJECT), privateKey);

  test('signBundle() writes what @sigstore/bundle reads, with a signature over the DSSE encoding', () => {
    const read = bundleFromJSON(JSON.parse(JSON.stringify(bundle)));
    if (!isBundleWithDsseEnvelope(read) || !isBundleWithPublicKey(read)) throw new Error('another kind of bundle');
    expect(read.verificationMaterial.content.publicKey.hint).toBe(publisherKeyId(KEY));
    const { payload, payloadType, signatures } = read.content.dsseEnvelope;
    const text = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} ${payload}`;
    expect(verify(null, Buffer.from(text), publicKey, signatures[0]?.sig ?? Buffer.alloc(0))).toBe(true);
  });

  test('openBundle() reads it, and isSignedBundle() tells whose it is', () => {
    const opened = openBundle(JSON.parse(JSON.stringify(bundle)));
    expect(opened.payload).toEqual(publishStatement(SUBJECT));
    expect(isSignedBundle(opened, KEY)).toBe(true);
    expect(isSignedBundle(opened, publicKeyOf(generateKeyPairSync('ed25519').privateKey))).toBe(false);
    expect(isSignedBundle({ ...opened, payload: publishStatement({ ...SUBJECT, version: '1.0.1' }) }, KEY)).toBe(false);
  });

  test.each<[string, (bundle: SigstoreBundle) => unknown]>([
    ['nothing', () => undefined],
    ['a list', () => []],
    ['another media type', (one) => ({ ...one, mediaType: 'application/json' })],
    ['a certificate', (one) => ({ ...one, verificationMaterial: { certificate: {} } })],
    ['a hint that is no key', (one) => ({ ...one, verificationMaterial: { publicKey: { hint: 'k_' } } })],
    ['another payload type', (one) => ({ ...one, dsseEnvelope: { ...one.dsseEnvelope, payloadType: 'text/plain' } })],
    ['no signature', (one) => ({ ...one, dsseEnvelope: { ...one.dsseEnvelope, signatures: [] } })],
    ['a short signature', (one) => ({ ...one, dsseEnvelope: { ...one.dsseEnvelope, signatures: [{ sig: 'AA==' }] } })],
    ['a payload that is not base64', (one) => ({ ...one, dsseEnvelope: { ...one.dsseEnvelope, payload: '*' } })],
    [
      'a payload that is too large',
      (one) => ({ ...one, dsseEnvelope: { ...one.dsseEnvelope, payload: 'AAAA'.repeat(2000) } }),
    ],
  ])('openBundle() refuses %s', (_, change) => {
    expect(() => openBundle(change(bundle))).toThrow(expect.objectContaining({ code: 'EBPM_STATEMENT_INVALID' }));
  });
});

describe('provenanceOf()', () => {
  test('provenanceOf() gives the predicate, and refuses statements on something else', () => {
    const payload = provenanceStatement(SUBJECT, { buildDefinition: {} });
    expect(provenanceOf({ payload }, SUBJECT)).toEqual({ buildDefinition: {} });
    const invalid = expect.objectContaining({ code: 'EBPM_STATEMENT_INVALID' });
    expect(() => provenanceOf({ payload }, { ...SUBJECT, version: '2.0.0' })).toThrow(invalid);
    expect(() => provenanceOf({ payload: publishStatement(SUBJECT) }, SUBJECT)).toThrow(invalid);
    expect(() => provenanceOf({ payload: Buffer.from('{') }, SUBJECT)).toThrow(invalid);
  });
});

test('isRotation() tells whether the older key has signed the new one', () => {
  const other = publicKeyOf(generateKeyPairSync('ed25519').privateKey);
  const rotation = signRotation(privateKey, other);
  expect(isRotation(KEY, other, rotation)).toBe(true);
  expect(isRotation(other, KEY, rotation)).toBe(false);
  expect(isRotation(KEY, KEY, rotation)).toBe(false);
});
