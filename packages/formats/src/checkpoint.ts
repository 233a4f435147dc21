import { Buffer } from 'node:buffer';
import { EbpmError } from './ebpm-error.js';
import { type NoteKey, type NoteSigner, openNote } from './signed-note.js';

/** What a registry says of its public log, signed: where its head is. */
export interface Checkpoint {
  /** The random id of the registry, 32 hex digits. */
  readonly registry: string;
  /** The number of the last entry. */
  readonly seq: number;
  /** The hash of that entry, 64 hex digits. It is chained to all entries before it. */
  readonly hash: string;
  /** When it was said, RFC 3339 in UTC. */
  readonly time: string;
}

/** The origin of a registry's log, which is the name of its key too. */
export function logOrigin(registry: string): string {
  return `ebpm-registry/${registry}`;
}

/** A checkpoint as a signed note: origin, number, hash in base64 (https://c2sp.org/tlog-checkpoint), and the time. */
export function signCheckpoint({ registry, seq, hash, time }: Checkpoint, signer: NoteSigner): string {
  return signer.sign(`${logOrigin(registry)}\n${seq}\n${Buffer.from(hash, 'hex').toString('base64')}\n${time}\n`);
}

/**
 * Reads a checkpoint that the key has signed.
 * @throws EBPM_NOTE_INVALID
 */
export function openCheckpoint(note: string, key: NoteKey): Checkpoint {
  const [origin = '', seq = '', base64 = '', time = ''] = openNote(note, key).split('\n');
  const registry = /^ebpm-registry\/([0-9a-f]{32})$/.exec(origin)?.[1];
  const isWhole =
    registry !== undefined &&
    origin === key.name &&
    /^(?:0|[1-9][0-9]{0,11})$/.test(seq) &&
    /^[A-Za-z0-9+/]{43}=$/.test(base64) &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(time);
  if (isWhole) return { registry, seq: Number(seq), hash: Buffer.from(base64, 'base64').toString('hex'), time };
  throw new EbpmError('EBPM_NOTE_INVALID', 'Cannot trust what the registry says of its log: it is no checkpoint');
}
