// What publishers sign are in-toto statements (https://github.com/in-toto/attestation/blob/v1.1.0/spec/v1/statement.md). The one that
// says "this is my version" has exactly one spelling, so that whoever has name, version and digest has its bytes, and a signature of 64
// bytes is all that needs to be kept beside them.

import { Buffer } from 'node:buffer';
import type { Digest } from './digest.js';
import { digestHex } from './digest.js';
import { parseVersion } from './version.js';

/** A version, as a statement is about it. */
export interface StatementSubject {
  readonly name: string;
  readonly version: string;
  /** Of the canonical tar. */
  readonly digest: Digest;
}

/** The type of a payload that is a statement. */
export const STATEMENT_PAYLOAD = 'application/vnd.in-toto+json';
/** Says that the signer publishes the version. */
export const PUBLISH_PREDICATE = 'urn:ebpm:publish:v1';
/** Says how the version was built (https://slsa.dev/spec/v1.0/provenance). */
export const PROVENANCE_PREDICATE = 'https://slsa.dev/provenance/v1';

/** The bytes of the statement that a publisher signs. Build metadata makes no other version, so that it is not in them. */
export function publishStatement(subject: StatementSubject): Uint8Array {
  const { name } = subject;
  return statement(subject, PUBLISH_PREDICATE, { name, version: parseVersion(subject.version) });
}

/** The bytes of a statement on how a version was built. */
export function provenanceStatement(
  subject: StatementSubject,
  predicate: Readonly<Record<string, unknown>>,
): Uint8Array {
  return statement(subject, PROVENANCE_PREDICATE, predicate);
}

/** What the two statements call a version: a package URL. */
export function subjectName({ name, version }: Pick<StatementSubject, 'name' | 'version'>): string {
  return `pkg:ebpm/${name.replace('@', '%40')}@${parseVersion(version)}`;
}

function statement(subject: StatementSubject, predicateType: string, predicate: unknown): Uint8Array {
  const text = JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: subjectName(subject), digest: { sha256: digestHex(subject.digest) } }],
    predicateType,
    predicate,
  });
  return new Uint8Array(Buffer.from(text));
}
