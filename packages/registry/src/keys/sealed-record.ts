// A person's record as it lies in the store: JSON with what is needed to open it, and the sealed JSON inside.
//
//   {"v":1,"key":"<fingerprint of the key>","iv":"<12 bytes>","tag":"<16 bytes>","data":"<ciphertext>"}
//
// AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV; the store's key is authenticated too, so that a record that was
// moved to another person does not open. Byte strings are base64url.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { EbpmError } from '@ebpm/formats';
import { parseJson } from '../parse-json.js';
import type { PersonKey, WebhookKey } from '../stores/keys.js';
import type { RecordKey } from './server-key.js';

/** Where encrypted records lie. */
export type SealedPlace = PersonKey | WebhookKey;

interface Sealed {
  readonly v: 1;
  readonly key: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** Encrypts a record for its place in the store. */
export function sealRecord(key: RecordKey, place: SealedPlace, record: Readonly<Record<string, string>>): Uint8Array {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.encryptionKey, iv).setAAD(Buffer.from(place));
  const data = Buffer.concat([cipher.update(JSON.stringify(record), 'utf8'), cipher.final()]);
  const sealed: Sealed = {
    v: 1,
    key: key.fingerprint,
    iv: iv.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
    data: data.toString('base64url'),
  };
  return Buffer.from(JSON.stringify(sealed));
}

/**
 * Decrypts a record that was sealed for this place.
 * @throws EBPM_REGISTRY_KEY_WRONG when another key sealed it
 * @throws EBPM_PERSON_DAMAGED when it is not what was sealed
 */
export function openRecord(key: RecordKey, place: SealedPlace, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const sealed = parseSealed(bytes);
  if (sealed === undefined) throw damaged(place);
  if (sealed.key !== key.fingerprint) throw wrongKey(key, place, sealed.key);
  try {
    const iv = Buffer.from(sealed.iv, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key.encryptionKey, iv, { authTagLength: 16 })
      .setAAD(Buffer.from(place))
      .setAuthTag(Buffer.from(sealed.tag, 'base64url'));
    const text = Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64url')), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as Record<string, unknown>;
  } catch (cause) {
    throw damaged(place, cause);
  }
}

/** The fingerprint of the key that sealed a record; undefined when it is none. */
export function sealedBy(bytes: Uint8Array): string | undefined {
  return parseSealed(bytes)?.key;
}

function parseSealed(bytes: Uint8Array): Sealed | undefined {
  const value = parseJson(bytes);
  return isSealed(value) ? value : undefined;
}

function isSealed(value: unknown): value is Sealed {
  if (typeof value !== 'object' || value === null) return false;
  const { v, key, iv, tag, data } = value as Partial<Record<keyof Sealed, unknown>>;
  return v === 1 && [key, iv, tag, data].every((field) => typeof field === 'string');
}

function wrongKey(key: RecordKey, place: SealedPlace, wanted: string): EbpmError {
  const reason = `it was encrypted with the key "${wanted}", and this one is "${key.fingerprint}"`;
  return new EbpmError('EBPM_REGISTRY_KEY_WRONG', `Cannot read "${place}": ${reason}`, {
    hint: 'give the key file that this store was started with: --key-file FILE',
  });
}

function damaged(place: SealedPlace, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_PERSON_DAMAGED', `Cannot read "${place}": the record was changed since it was written`, {
    cause,
  });
}
