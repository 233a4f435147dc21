import {
  EbpmError,
  openRevocations,
  parseJsonText,
  parseNoteKey,
  publisherKeyId,
  type Revocations,
} from '@ebpm/formats';
import type { InstalledVersion } from '../installed.js';
import { MAX_REVOCATIONS_BYTES } from '../limits.js';
import { readRegularFile } from '../read-regular-file.js';
import { StorePaths } from '../store-paths.js';
import { readLogPin, unusable } from './log-pins.js';
import type { PublisherSignature } from './publisher-signature.js';

/** What a registry was last heard to have revoked. */
export interface KnownRevocations {
  /** Undefined: it was asked and said nothing. */
  readonly list: Revocations | undefined;
  /** The list as the registry has signed it. */
  readonly note: string | undefined;
  /** When it was asked last, milliseconds since 1970. */
  readonly askedAtMs: number;
}

/**
 * What is known of a registry's revocations, checked with the key that was pinned; undefined where it was never asked. Only reads, so
 * that root can use what a user has.
 *
 * @throws EBPM_TRUST_UNUSABLE, EBPM_NOTE_INVALID
 */
export async function knownRevocations(home: string, url: string): Promise<KnownRevocations | undefined> {
  const paths = new StorePaths(home);
  const saved = await readSaved(paths.revocations(url));
  if (saved === undefined) return undefined;
  const pin = await readLogPin(paths.logPin(url));
  const { note, askedAtMs } = saved;
  const list = note === undefined || pin === undefined ? undefined : openRevocations(note, parseNoteKey(pin.key));
  return { list, note, askedAtMs };
}

/** A version that may have been revoked. */
export interface RevocableVersion extends Pick<InstalledVersion, 'name' | 'version' | 'digest'> {
  readonly signature?: PublisherSignature | undefined;
}

/** Why a version must not be used any more, going by a list of its registry; undefined while it may. */
export function revocationOf(
  { keys, digests, packages, time }: Revocations,
  { name, version, digest, signature }: RevocableVersion,
): EbpmError | undefined {
  const what = `${name}@${version}`;
  const asOf = time.slice(0, 16).replace('T', ' ');
  if (digests.has(digest) || packages.has(name)) {
    return new EbpmError(
      'EBPM_TAKEN_DOWN',
      `Cannot use "${what}": its registry has taken it down (as of ${asOf} UTC)`,
      {
        hint: `Remove it: ebpm uninstall --global ${what}\nIn a project, choose another version: ebpm update ${name}`,
        data: { digest },
      },
    );
  }
  const key = signature && publisherKeyId(signature.key);
  if (key === undefined || !keys.has(key)) return undefined;
  return new EbpmError(
    'EBPM_KEY_REVOKED',
    `Cannot use "${what}": the key "${key}" that signed it was revoked (as of ${asOf} UTC)`,
    {
      hint: `Install a version that is signed by another key of its publisher: ebpm install ${name}`,
      data: { key },
    },
  );
}

/** How the file is written. */
export interface SavedRevocations {
  readonly note?: string | undefined;
  readonly askedAtMs: number;
}

async function readSaved(path: string): Promise<SavedRevocations | undefined> {
  try {
    const bytes = await readRegularFile(path, MAX_REVOCATIONS_BYTES);
    if (bytes === undefined) return undefined;
    const { note, askedAtMs } = (parseJsonText(bytes) ?? {}) as Partial<SavedRevocations>;
    if ((note === undefined || typeof note === 'string') && Number.isFinite(askedAtMs)) {
      return { note, askedAtMs: Number(askedAtMs) };
    }
  } catch (cause) {
    throw unusable(path, cause instanceof Error ? cause.message : String(cause));
  }
  throw unusable(path, 'it is not what was written');
}
