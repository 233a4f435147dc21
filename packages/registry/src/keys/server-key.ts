import { createHash, createHmac, hkdfSync } from 'node:crypto';

/** A key that records are sealed with. */
export interface RecordKey {
  /** AES-256. */
  readonly encryptionKey: Uint8Array;
  /** Tells keys apart without telling anything about them: 16 hex digits. */
  readonly fingerprint: string;
}

/** The secret of a registry, which lies outside of its store: 32 bytes. As a record key it seals claims of names, and the keys of people. */
export interface ServerKey extends RecordKey {
  /** Turns a name into the id of its claim, so that the store does not show who is in it. */
  readonly nameKey: Uint8Array;
  /** Signs the heads of the log: Ed25519, 32 bytes. */
  readonly signingKey: Uint8Array;
}

/** The size of a server key's secret. */
export const SECRET_SIZE_BYTES = 32;

/** Derives the keys for each purpose from the secret, by HKDF (RFC 5869) with SHA-256. */
export function serverKey(secret: Uint8Array): ServerKey {
  if (secret.length !== SECRET_SIZE_BYTES) throw new TypeError(`a server key has ${SECRET_SIZE_BYTES} bytes`);
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', secret, '', `ebpm-registry ${purpose}`, 32));
  return {
    encryptionKey: derive('people'),
    nameKey: derive('names'),
    signingKey: derive('log'),
    fingerprint: fingerprintOf(derive('fingerprint')),
  };
}

/** The key of one person, which is removed when he is erased: then nothing opens his records any more, wherever copies of them are. */
export function personRecordKey(secret: Uint8Array): RecordKey {
  if (secret.length !== SECRET_SIZE_BYTES) throw new TypeError(`a person's key has ${SECRET_SIZE_BYTES} bytes`);
  const derive = (purpose: string) => new Uint8Array(hkdfSync('sha256', secret, '', `ebpm-registry ${purpose}`, 32));
  return { encryptionKey: derive('person'), fingerprint: fingerprintOf(derive('fingerprint')) };
}

function fingerprintOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/** The id under which a name is claimed: `n_<40 hex>`, the same for the same name and key. */
export function nameClaimId(key: ServerKey, name: string): string {
  return `n_${createHmac('sha256', key.nameKey).update(name).digest('hex').slice(0, 40)}`;
}

/** The id under which attempts on something are counted, a user or an address: 64 hex digits, the same for the same subject and key. */
export function attemptId(key: ServerKey, subject: string): string {
  return createHmac('sha256', key.nameKey).update(`attempts on ${subject}`).digest('hex');
}
