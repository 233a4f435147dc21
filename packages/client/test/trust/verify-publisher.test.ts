import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  type Digest,
  encodeBase64,
  openBundle,
  publicKeyOf,
  publisherKeyId,
  publishStatement,
  signBundle,
  signRotation,
} from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { type PublishedVersion, verifyPublisher } from '../../src/trust/verify-publisher.js';
import { refused } from '../refused.js';

const [FIRST, SECOND, THIRD, STRANGER] = Array.from({ length: 4 }, () => generateKeyPairSync('ed25519').privateKey) as [
  KeyObject,
  KeyObject,
  KeyObject,
  KeyObject,
];
const DIGEST: Digest = `sha256:${'ab'.repeat(32)}`;
const SUBJECT = { name: 'tool', version: '1.0.0', digest: DIGEST };
const idOf = (key: KeyObject) => publisherKeyId(publicKeyOf(key));

function keyRow(key: KeyObject, older?: KeyObject, by = older) {
  return {
    id: idOf(key),
    publicKey: publicKeyOf(key),
    registeredAt: '2026-01-01T00:00:00.000Z',
    ...(older && by && { replaces: idOf(older), rotation: signRotation(by, publicKeyOf(key)) }),
  };
}

function signatureBy(key: KeyObject, subject = SUBJECT) {
  return { key: idOf(key), sig: encodeBase64(openBundle(signBundle(publishStatement(subject), key)).signature) };
}

const KEYS = [keyRow(FIRST), keyRow(SECOND, FIRST), keyRow(THIRD, SECOND)];

function published(signer: KeyObject, overrides: Partial<PublishedVersion> = {}): PublishedVersion {
  const listed = { version: '1.0.0', digest: DIGEST, signature: signatureBy(signer) };
  return { name: 'tool', listed, keys: KEYS, pinned: undefined, ...overrides };
}

describe('verifyPublisher()', () => {
  test('verifyPublisher() takes the key of first use, the pinned one, and those that took its place', () => {
    expect(verifyPublisher(published(FIRST))?.key).toBe(publicKeyOf(FIRST));
    for (const signer of [FIRST, SECOND, THIRD]) {
      expect(verifyPublisher(published(signer, { pinned: idOf(FIRST) }))?.key).toBe(publicKeyOf(signer));
    }
    const unsigned = { listed: { version: '1.0.0', digest: DIGEST } };
    expect(verifyPublisher(published(FIRST, unsigned))).toBeUndefined();
  });

  test('verifyPublisher() takes another key only when the user names it', () => {
    const wish = published(STRANGER, { keys: [keyRow(STRANGER)], pinned: idOf(FIRST) });
    expect(() => verifyPublisher({ ...wish, accepted: idOf(SECOND) })).toThrow(refused('EBPM_KEY_CHANGED'));
    expect(verifyPublisher({ ...wish, accepted: idOf(STRANGER) })?.key).toBe(publicKeyOf(STRANGER));
  });

  const revokedAt = '2026-02-01T00:00:00.000Z';
  test.each<[string, Partial<PublishedVersion>, string]>([
    ['no signature where one was pinned', { listed: { version: '1.0.0', digest: DIGEST } }, 'EBPM_SIGNATURE_MISSING'],
    [
      'a signature of another digest',
      { listed: { version: '1.0.0', digest: `sha256:${'cd'.repeat(32)}`, signature: signatureBy(FIRST) } },
      'EBPM_SIGNATURE_INVALID',
    ],
    [
      'a signature of another version',
      { listed: { version: '1.0.1', digest: DIGEST, signature: signatureBy(FIRST) } },
      'EBPM_SIGNATURE_INVALID',
    ],
    ['a signature of another package', { name: 'other' }, 'EBPM_SIGNATURE_INVALID'],
    ['a key that the registry does not give', { keys: [] }, 'EBPM_SIGNATURE_INVALID'],
    ['another key under the id', { keys: [{ ...keyRow(STRANGER), id: idOf(FIRST) }] }, 'EBPM_SIGNATURE_INVALID'],
    ['a revoked key', { keys: [{ ...keyRow(FIRST), revokedAt }] }, 'EBPM_KEY_REVOKED'],
  ])('verifyPublisher() refuses %s', (_, overrides, code) => {
    expect(() => verifyPublisher(published(FIRST, { pinned: idOf(FIRST), ...overrides }))).toThrow(refused(code));
  });

  test.each<[string, ReturnType<typeof keyRow>[]]>([
    ['has signed nothing', [keyRow(FIRST), keyRow(SECOND)]],
    ['did not sign itself', [keyRow(FIRST), keyRow(SECOND, FIRST, STRANGER)]],
    ['is not given', [keyRow(SECOND, FIRST)]],
    ['is replaced by a chain without an end', [keyRow(SECOND, THIRD), keyRow(THIRD, SECOND)]],
  ])('verifyPublisher() refuses the place of a key that %s', (_, keys) => {
    expect(() => verifyPublisher(published(SECOND, { keys, pinned: idOf(FIRST) }))).toThrow(
      refused('EBPM_KEY_CHANGED'),
    );
  });
});
