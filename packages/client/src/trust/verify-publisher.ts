import { type Digest, EbpmError, isRotation, publisherKeyId } from '@ebpm/formats';
import type { ApiPackage, ApiPackageVersion } from '@ebpm/schemas';
import { MAX_KEY_ROTATIONS } from '../limits.js';
import { checkSignature, type PublisherSignature } from './publisher-signature.js';

type SigningKey = NonNullable<ApiPackage['keys']>[number];

/** A version that a registry lists, and what is known of who publishes it. */
export interface PublishedVersion {
  readonly name: string;
  /** Its `version` is without build metadata. */
  readonly listed: Pick<ApiPackageVersion, 'version' | 'digest' | 'signature'>;
  /** The keys that the registry gives with the package. */
  readonly keys: readonly SigningKey[];
  /** The id of the key that the package was signed with when it was used first; undefined: nothing is known. */
  readonly pinned: string | undefined;
  /** The id of a key that the user says he trusts, whatever was before. */
  readonly accepted?: string | undefined;
}

/**
 * Makes sure that a version is signed by its publisher: by the key that is pinned, or one that took its place, each step signed by the key
 * before it. Without a pin the key is taken as it comes.
 *
 * @returns who signed it; undefined for a version without a signature of a package that never had one
 * @throws EBPM_SIGNATURE_MISSING, EBPM_SIGNATURE_INVALID, EBPM_KEY_REVOKED, EBPM_KEY_CHANGED
 */
export function verifyPublisher({
  name,
  listed,
  keys,
  pinned,
  accepted,
}: PublishedVersion): PublisherSignature | undefined {
  const { version, digest, signature } = listed;
  if (signature === undefined) {
    if (pinned === undefined) return undefined;
    throw missing(`${name}@${version}`, pinned);
  }
  const known = new Map(
    keys.filter(({ id, publicKey }) => publisherKeyId(publicKey) === id).map((key) => [key.id, key]),
  );
  const key = known.get(signature.key);
  if (key === undefined) throw unknown(`${name}@${version}`, signature.key);
  const signed = { key: key.publicKey, sig: signature.sig };
  checkSignature({ name, version, digest: digest as Digest }, signed);
  if (key.revokedAt !== undefined) throw revoked(`${name}@${version}`, key);
  if (pinned === undefined || accepted === key.id || follows(key, pinned, known)) return signed;
  throw changed(`${name}@${version}`, key.id, pinned);
}

/** Walks from a key to those whose places were taken, as far as each step is signed by the older one. */
function follows(key: SigningKey, pinned: string, known: ReadonlyMap<string, SigningKey>): boolean {
  let one = key;
  for (let steps = 0; steps <= MAX_KEY_ROTATIONS; steps++) {
    if (one.id === pinned) return true;
    const older = one.replaces === undefined ? undefined : known.get(one.replaces);
    if (older === undefined || !isRotation(older.publicKey, one.publicKey, one.rotation ?? '')) return false;
    one = older;
  }
  return false;
}

function missing(what: string, pinned: string): EbpmError {
  return new EbpmError(
    'EBPM_SIGNATURE_MISSING',
    `Cannot use "${what}": it is not signed, and the package was, by "${pinned}"`,
    {
      hint: 'The registry may have left the signature out. Ask whoever publishes the package',
      data: { pinned },
    },
  );
}

function unknown(what: string, id: string): EbpmError {
  return new EbpmError(
    'EBPM_SIGNATURE_INVALID',
    `Cannot use "${what}": the registry does not give the key "${id}" that signed it`,
  );
}

function revoked(what: string, { id, revokedAt }: SigningKey): EbpmError {
  return new EbpmError(
    'EBPM_KEY_REVOKED',
    `Cannot use "${what}": the key "${id}" that signed it was revoked on ${revokedAt}`,
    {
      hint: 'Wait for a version that is signed by another key of its publisher',
      data: { key: id },
    },
  );
}

function changed(what: string, id: string, pinned: string): EbpmError {
  return new EbpmError(
    'EBPM_KEY_CHANGED',
    `Cannot use "${what}": it is signed by "${id}", and the package was signed by "${pinned}" before, which has not said that the other takes its place`,
    {
      hint: `Ask whoever publishes it, by another way than the registry. If the new key is his, type the same with --accept-key ${id}`,
      data: { key: id, pinned },
    },
  );
}
