import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isProven, proveKey, publisherKeyId } from '../src/publisher-key.js';

/** RFC 8032 section 7.1, test 1. */
const SECRET = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const PUBLIC = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const der = Buffer.from(`302e020100300506032b657004220420${SECRET}`, 'hex');
const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });

describe('proveKey()', () => {
  test('proveKey() says what registers a key for one owner alone', () => {
    const proven = proveKey(privateKey, 'u_1');
    expect(Buffer.from(proven.publicKey, 'base64url').toString('hex')).toBe(PUBLIC);
    expect(isProven(proven, 'u_1')).toBe(true);
    expect(isProven(proven, 'u_2')).toBe(false);
    const other = proveKey(generateKeyPairSync('ed25519').privateKey, 'u_1');
    expect(isProven({ ...proven, proof: other.proof }, 'u_1')).toBe(false);
    expect(isProven({ ...proven, proof: '' }, 'u_1')).toBe(false);
  });

  test('proveKey() refuses other keys', () => {
    const { privateKey: rsa } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => proveKey(rsa, 'u_1')).toThrow(TypeError);
    expect(() => proveKey(generateKeyPairSync('ed25519').publicKey, 'u_1')).toThrow(TypeError);
  });
});

describe('publisherKeyId()', () => {
  test('publisherKeyId() is made of the bytes of the key', () => {
    const { publicKey } = proveKey(privateKey, 'u_1');
    expect(publisherKeyId(publicKey)).toBe('k_21fe31dfa154a261626bf854046fd227');
  });
});
