import {
  EbpmError,
  isSignedBundle,
  type OpenedBundle,
  openBundle,
  provenanceOf,
  publishStatement,
  type StatementSubject,
} from '@ebpm/formats';
import type { KeyState } from '../fold/key-state.js';
import type { PackageIndex } from '../index/package-index.js';
import { ENTRY_LIMITS } from '../limits-log.js';
import type { JsonValue } from '../log/op.js';
import { parseJson } from '../parse-json.js';

/** What a publisher has signed of a version. */
export interface CheckedBundles {
  /** The id of the key that signed all of it. */
  readonly keyId: string;
  /** As they go into the log. */
  readonly bundles: readonly JsonValue[];
}

/**
 * Checks the signed statements that came with a publish: first that the key publishes these very bytes, then, where there is another one, how
 * they were built.
 * @param header of the request: base64 of a JSON array of bundles; undefined: nothing was signed
 * @throws EBPM_STATEMENT_INVALID, EBPM_SIGNATURE_WRONG, EBPM_KEY_NOT_FOUND
 */
export function checkBundles(
  packages: PackageIndex,
  header: string | undefined,
  subject: StatementSubject,
): CheckedBundles | undefined {
  if (header === undefined) return undefined;
  const values = parseJson(Buffer.from(header, 'base64').toString('utf8'));
  const isList = Array.isArray(values) && values.length > 0 && values.length <= ENTRY_LIMITS.bundles;
  if (!isList || JSON.stringify(values).length > ENTRY_LIMITS.bundlesLength) throw notBundles();
  const [first, ...others] = values.map(openBundle) as [OpenedBundle, ...OpenedBundle[]];
  if (!Buffer.from(first.payload).equals(publishStatement(subject))) throw wrong(subject, 'it is about something else');
  for (const other of others) provenanceOf(other, subject);
  const key = packages.key(first.keyId);
  if (key === undefined) throw unknownKey(first.keyId);
  for (const bundle of [first, ...others]) checkSignature(bundle, key, subject);
  return { keyId: key.id, bundles: values as JsonValue[] };
}

/**
 * Why a publish may not be signed so, as things stand: the key must be one of an owner and hold; and whoever has installed a version that
 * was signed by some key takes only what is signed by that one, or by one that took its place.
 * @param owners of the package, and who is to become one
 */
export function signingRefusal(
  packages: PackageIndex,
  {
    name,
    keyId,
    owners,
  }: { readonly name: string; readonly keyId: string | undefined; readonly owners: readonly string[] },
): EbpmError | undefined {
  const before = newestSigner(packages, name);
  if (keyId === undefined) return before === undefined ? undefined : unsigned(name, before);
  const key = packages.key(keyId);
  if (key === undefined) return unknownKey(keyId);
  if (key.revokedAt !== undefined) {
    return new EbpmError('EBPM_KEY_REVOKED', `Cannot publish "${name}": the key "${keyId}" was revoked`);
  }
  if (!owners.includes(key.owner)) return notOwners(name, keyId);
  const next = packages.successorOf(keyId);
  if (next !== undefined) return retired(name, keyId, next);
  return before === undefined || follows(packages, key, before) ? undefined : otherKey(name, keyId, before);
}

/** The key of the newest version that was signed, unless it was revoked: then nobody's trust depends on it any more. */
function newestSigner(packages: PackageIndex, name: string): string | undefined {
  const keyId = signerOf(packages.newestBundles(name));
  return keyId === undefined || packages.key(keyId)?.revokedAt !== undefined ? undefined : keyId;
}

/** The key that signed bundles as the log has them; undefined without any. */
export function signerOf(bundles: string | undefined): string | undefined {
  return bundles === undefined ? undefined : openBundle(JSON.parse(bundles)[0]).keyId;
}

/** Whether a key is another one, or took its place. */
function follows(packages: PackageIndex, key: KeyState, before: string): boolean {
  const seen = new Set<string>();
  for (let one: KeyState | undefined = key; one !== undefined && !seen.has(one.id); ) {
    if (one.id === before) return true;
    seen.add(one.id);
    one = one.replaces === undefined ? undefined : packages.key(one.replaces);
  }
  return false;
}

function checkSignature(bundle: OpenedBundle, key: KeyState, subject: StatementSubject): void {
  if (bundle.keyId !== key.id) throw wrong(subject, 'its statements are signed by different keys');
  if (!isSignedBundle(bundle, key.publicKey)) throw wrong(subject, `"${key.id}" has not signed it`);
}

function notBundles(): EbpmError {
  return new EbpmError(
    'EBPM_STATEMENT_INVALID',
    `Cannot read "ebpm-bundles": wanted base64 of a JSON array of at most ${ENTRY_LIMITS.bundles} bundles`,
  );
}

function wrong({ name, version }: StatementSubject, reason: string): EbpmError {
  return new EbpmError('EBPM_SIGNATURE_WRONG', `Cannot take the signature of "${name}@${version}": ${reason}`);
}

function unknownKey(id: string): EbpmError {
  return new EbpmError('EBPM_KEY_NOT_FOUND', `Cannot take a signature by "${id}": nobody registered this key here`, {
    hint: 'register it: ebpm keys add',
  });
}

function notOwners(name: string, id: string): EbpmError {
  return new EbpmError('EBPM_KEY_FOREIGN', `Cannot publish "${name}": "${id}" is no key of its owners`, {
    hint: 'sign with a key of your account, or of the organisation: ebpm keys add --organisation NAME',
  });
}

function retired(name: string, id: string, next: string): EbpmError {
  return new EbpmError('EBPM_KEY_RETIRED', `Cannot publish "${name}": "${next}" has taken the place of "${id}"`, {
    hint: 'sign with that one',
  });
}

function unsigned(name: string, before: string): EbpmError {
  return new EbpmError(
    'EBPM_SIGNATURE_REQUIRED',
    `Cannot publish "${name}" without a signature: the version before was signed by "${before}"`,
    { hint: 'who has that one installed would refuse this one. Sign it with that key: ebpm publish --key NAME' },
  );
}

function otherKey(name: string, id: string, before: string): EbpmError {
  return new EbpmError(
    'EBPM_KEY_CHANGED',
    `Cannot publish "${name}" signed by "${id}": the version before was signed by "${before}"`,
    {
      hint: 'sign it with that key, or let that one be replaced: ebpm keys rotate. If it is lost: ebpm keys revoke',
      data: { key: id, before },
    },
  );
}
