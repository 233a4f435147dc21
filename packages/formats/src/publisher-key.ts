// Keys that publishers sign packages with are Ed25519 (RFC 8032). Whoever registers one proves that he has its private half, so that
// nobody registers the key of somebody else, whose owner it could then never become: the key signs
//
//   ebpm-publisher-key/1 LF <id of the owner> LF <public key in base64url> LF
//
// A key that takes the place of an older one is signed by that, so that whoever knows the older one trusts the new one without asking
// anybody: the older key signs
//
//   ebpm-key-rotation/1 LF <older public key> LF <new public key> LF

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
  const publicKey = publicKeyOf(privateKey);
  const proof = sign(null, provenText(publicKey, owner), privateKey).toString('base64url');
  return { publicKey, proof };
}

/** What lets a new key take the place of an older one: 64 bytes in base64url, by the older one. @param publicKey of the new one */
export function signRotation(older: KeyObject, publicKey: string): string {
  return sign(null, rotationText(publicKeyOf(older), publicKey), older).toString('base64url');
}

/** Whether the older key says that the new one takes its place; both are 32 bytes in base64url. */
export function isRotation(older: string, publicKey: string, rotation: string): boolean {
  return verify(null, rotationText(older, publicKey), publicKeyObject(older), Buffer.from(rotation, 'base64url'));
}

/** The public half, 32 bytes in base64url. */
export function publicKeyOf(privateKey: KeyObject): string {
  return String(createPublicKey(privateKey).export({ format: 'jwk' }).x);
}

/** Whether the text is the public half of a key: 32 bytes in base64url. */
export function isPublicKey(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(value);
}

/** Whether somebody who has the private half wants the key to belong to the owner. */
export function isProven({ publicKey, proof }: ProvenKey, owner: string): boolean {
  return verify(null, provenText(publicKey, owner), publicKeyObject(publicKey), Buffer.from(proof, 'base64url'));
}

function publicKeyObject(publicKey: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
}

function rotationText(older: string, publicKey: string): Buffer {
  return Buffer.from(`ebpm-key-rotation/1\n${older}\n${publicKey}\n`);
}

function provenText(publicKey: string, owner: string): Buffer {
  return Buffer.from(`ebpm-publisher-key/1\n${owner}\n${publicKey}\n`);
}
