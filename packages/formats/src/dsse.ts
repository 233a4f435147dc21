// A signature over a typed payload (https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md). What is signed is
//
//   "DSSEv1" SP <bytes of the type> SP <type> SP <bytes of the payload> SP <payload>

import { Buffer } from 'node:buffer';
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** What is signed, and what it is. */
export interface DssePayload {
  readonly type: string;
  readonly payload: Uint8Array;
}

/** Signs with Ed25519; 64 bytes. */
export function signDsse(what: DssePayload, privateKey: KeyObject): Uint8Array {
  return new Uint8Array(sign(null, preAuthentication(what), privateKey));
}

/**
 * Whether the key has signed it.
 * @param publicKey Ed25519 (RFC 8032), 32 bytes in base64url
 */
export function isSignedDsse(what: DssePayload, publicKey: string, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  return signature.length === 64 && verify(null, preAuthentication(what), key, signature);
}

function preAuthentication({ type, payload }: DssePayload): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);
}
