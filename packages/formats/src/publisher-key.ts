// Keys that publishers sign packages with are Ed25519 (RFC 8032). Whoever registers one proves that he has its private half, so that
// nobody registers the key of somebody else, whose owner it could then never become: the key signs
//
//   ebpm-publisher-key/1 LF <id of the owner> LF <public key in base64url> LF

import { Buffer } from 'node:buffer';
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** A key that is to be registered. */
export interface ProvenKey {
  /** 32 bytes in base64url. */
  readonly publicKey: string;
  /** The signature, 64 bytes in base64url. */
  readonly proof: string;
}

/** The id of a key: `k_` and the first 32 hex digits of the SHA-256 of its 32 bytes. */
export function publisherKeyId(publicKey: string): string {
  const hash = createHash('sha256').update(Buffer.from(publicKey, 'base64url'));
  return `k_${hash.digest('hex').slice(0, 32)}`;
}

/**
 * What registers the key for an owner.
 * @param owner the opaque id of a user or an organisation
 * @throws TypeError when it is no private key of Ed25519
 */
export function proveKey(privateKey: KeyObject, owner: string): ProvenKey {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519') {
    throw new TypeError('A publisher signs with a private key of Ed25519');
  }
  const publicKey = String(createPublicKey(privateKey).export({ format: 'jwk' }).x);
  const proof = sign(null, provenText(publicKey, owner), privateKey).toString('base64url');
  return { publicKey, proof };
}

/** Whether somebody who has the private half wants the key to belong to the owner. */
export function isProven({ publicKey, proof }: ProvenKey, owner: string): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  return verify(null, provenText(publicKey, owner), key, Buffer.from(proof, 'base64url'));
}

function provenText(publicKey: string, owner: string): Buffer {
  return Buffer.from(`ebpm-publisher-key/1\n${owner}\n${publicKey}\n`);
}
