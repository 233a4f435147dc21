// A signed statement as the tools of Sigstore read and write it
// (https://github.com/sigstore/protobuf-specs/blob/v0.5.0/protos/sigstore_bundle.proto, in JSON). Of all that the format can hold this is
// the part with a DSSE envelope, one signature, and the id of a public key that the reader knows from elsewhere: here, the log.

import { Buffer } from 'node:buffer';
import type { KeyObject } from 'node:crypto';
import { decodeBase64, encodeBase64 } from './base64.js';
import { type DssePayload, isSignedDsse, signDsse } from './dsse.js';
import { EbpmError } from './ebpm-error.js';
import { MAX_STATEMENT_BYTES } from './limits.js';
import { publicKeyOf, publisherKeyId } from './publisher-key.js';
import { PROVENANCE_PREDICATE, STATEMENT_PAYLOAD, type StatementSubject, subjectName } from './statement.js';

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A bundle as JSON. */
export interface SigstoreBundle {
  readonly mediaType: string;
  readonly verificationMaterial: { readonly publicKey: { readonly hint: string } };
  readonly dsseEnvelope: {
    /** Base64. */
    readonly payload: string;
    readonly payloadType: string;
    readonly signatures: readonly { readonly sig: string; readonly keyid: string }[];
  };
}

/** What a bundle says. */
export interface OpenedBundle {
  /** The id of the key, `k_<32 hex>`. */
  readonly keyId: string;
  readonly payload: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** Signs a statement. */
export function signBundle(payload: Uint8Array, privateKey: KeyObject): SigstoreBundle {
  const sig = encodeBase64(signDsse(asDsse(payload), privateKey));
  return {
    mediaType: MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: publisherKeyId(publicKeyOf(privateKey)) } },
    dsseEnvelope: {
      payload: encodeBase64(payload),
      payloadType: STATEMENT_PAYLOAD,
      signatures: [{ sig, keyid: '' }],
    },
  };
}

/**
 * Reads a bundle without checking its signature.
 * @throws EBPM_STATEMENT_INVALID
 */
export function openBundle(value: unknown): OpenedBundle {
  const { mediaType, verificationMaterial, dsseEnvelope } = fieldsOf(value, 'it');
  if (mediaType !== MEDIA_TYPE) throw invalid(`its mediaType is not "${MEDIA_TYPE}"`);
  const { publicKey } = fieldsOf(verificationMaterial, 'verificationMaterial');
  const { hint } = fieldsOf(publicKey, 'verificationMaterial.publicKey');
  if (typeof hint !== 'string' || !/^k_[0-9a-f]{32}$/.test(hint)) throw invalid('it names no key of a publisher');
  const { payload, payloadType, signatures } = fieldsOf(dsseEnvelope, 'dsseEnvelope');
  if (payloadType !== STATEMENT_PAYLOAD) throw invalid(`its payloadType is not "${STATEMENT_PAYLOAD}"`);
  if (!Array.isArray(signatures) || signatures.length !== 1) throw invalid('it has not exactly one signature');
  const signature = bytesOf(fieldsOf(signatures[0], 'its signature')['sig'], 'its signature');
  if (signature.length !== 64) throw invalid('its signature has not 64 bytes');
  const statement = bytesOf(payload, 'its payload');
  if (statement.length > MAX_STATEMENT_BYTES) throw invalid(`its payload has more than ${MAX_STATEMENT_BYTES} bytes`);
  return { keyId: hint, payload: statement, signature };
}

/** Whether the key has signed what a bundle holds. @param publicKey 32 bytes in base64url */
export function isSignedBundle({ payload, signature }: OpenedBundle, publicKey: string): boolean {
  return isSignedDsse(asDsse(payload), publicKey, signature);
}

/**
 * The predicate of a statement on how a version was built.
 * @throws EBPM_STATEMENT_INVALID when the statement is another one, or about something else
 */
export function provenanceOf(
  { payload }: Pick<OpenedBundle, 'payload'>,
  subject: StatementSubject,
): Readonly<Record<string, unknown>> {
  const { _type, subject: subjects, predicateType, predicate } = fieldsOf(parsed(payload), 'its statement');
  const wanted = [{ name: subjectName(subject), digest: { sha256: subject.digest.slice('sha256:'.length) } }];
  if (_type !== 'https://in-toto.io/Statement/v1' || predicateType !== PROVENANCE_PREDICATE) {
    throw invalid(`it is no statement of the type "${PROVENANCE_PREDICATE}"`);
  }
  if (JSON.stringify(subjects) !== JSON.stringify(wanted)) throw invalid(`it is not about "${wanted[0]?.name}"`);
  return fieldsOf(predicate, 'its predicate');
}

function asDsse(payload: Uint8Array): DssePayload {
  return { type: STATEMENT_PAYLOAD, payload };
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch (cause) {
    throw invalid('its statement is not JSON', cause);
  }
}

function fieldsOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid(`${what} is no object`);
}

function bytesOf(value: unknown, what: string): Uint8Array {
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined;
  if (bytes === undefined) throw invalid(`${what} is not base64`);
  return bytes;
}

function invalid(reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_STATEMENT_INVALID', `Cannot read a signed statement: ${reason}`, { cause });
}
