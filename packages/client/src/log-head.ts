import { type Checkpoint, EbpmError, type NoteKey, openCheckpoint, parseNoteKey, sha256Hex } from '@ebpm/formats';

/** A place in a registry's log: the number of an entry and its hash. */
export type LogPosition = Pick<Checkpoint, 'seq' | 'hash'>;

/** Before entry 1. */
export const LOG_START: LogPosition = { seq: 0, hash: '0'.repeat(64) };

/**
 * The highest head of a registry's log that was seen. A registry that shows less, or something else, has lost entries or shows
 * different histories to different people.
 */
export class LogHead {
  readonly #key: NoteKey;
  #highest: Checkpoint | undefined;

  /**
   * @param key what `/api/v1/log/key` of the registry gives
   * @param highest what was seen before, if anything
   * @throws EBPM_NOTE_KEY_INVALID
   */
  constructor(key: string, highest?: Checkpoint) {
    this.#key = parseNoteKey(key);
    this.#highest = highest;
  }

  /** The highest head seen; undefined: none yet. */
  get highest(): Checkpoint | undefined {
    return this.#highest;
  }

  /**
   * Takes a checkpoint that the registry sent, and keeps it.
   * @param note as `/api/v1/log/checkpoint` gives it; the header `ebpm-checkpoint` has it in base64
   * @throws EBPM_NOTE_INVALID when the key has not signed it
   * @throws EBPM_REGISTRY_WENT_BACK when it is lower than what was seen before, EBPM_REGISTRY_FORKED when it is another one
   */
  see(note: string): Checkpoint {
    const seen = openCheckpoint(note, this.#key);
    if (this.#highest !== undefined) refuseBehind(seen, this.#highest);
    this.#highest = seen;
    return seen;
  }

  /**
   * Makes sure that the highest head follows from a position that was known before: no entry between was changed.
   * @param entries what `/api/v1/log/entries?from=<known.seq + 1>` gives, up to the head or beyond it
   * @throws EBPM_REGISTRY_FORKED, EBPM_LOG_CHAIN_INVALID
   */
  prove(known: LogPosition, entries: Uint8Array): void {
    const head = this.#highest;
    if (head === undefined) throw new TypeError('No head was seen yet');
    const reached = followChain(known, entries, head.seq);
    if (reached.seq < head.seq) throw invalidChain(reached.seq + 1, 'it is missing');
    if (reached.hash !== head.hash) throw forked(head, reached.hash);
  }
}

/**
 * Refuses a head that cannot follow one that was seen before.
 * @throws EBPM_REGISTRY_WENT_BACK when it is lower, EBPM_REGISTRY_FORKED when it is another one
 */
export function refuseBehind(seen: LogPosition, before: LogPosition): void {
  if (seen.seq < before.seq) throw wentBack(seen, before);
  refuseOther(seen, before);
}

/** Refuses a head that is another one than was seen under the same number. @throws EBPM_REGISTRY_FORKED */
export function refuseOther(seen: LogPosition, before: LogPosition): void {
  if (seen.seq === before.seq && seen.hash !== before.hash) throw forked(seen, before.hash);
}

/** A header as the registry writes it, and no other spelling: docs/log.md. */
const HEADER = /^\{"v":1,"seq":([1-9]\d{0,11}),"prev":"([0-9a-f]{64})",.*"ops":\[((?:"[0-9a-f]{64}",?)+)\]\}$/;

/**
 * Follows entries from a position: each names the one before, and every operation has the next hash of its header. Operations
 * may be left out.
 * @returns where it ends, at `until` at the latest
 * @throws EBPM_REGISTRY_FORKED when the first entry follows another position, EBPM_LOG_CHAIN_INVALID
 */
export function followChain(from: LogPosition, entries: Uint8Array, until = Number.POSITIVE_INFINITY): LogPosition {
  let head = from;
  let hashes: string[] = [];
  for (const line of Buffer.from(entries).toString('utf8').split('\n').filter(Boolean)) {
    const [, seq, prev, ops = ''] = HEADER.exec(line) ?? [];
    if (seq === undefined) {
      const place = hashes.indexOf(sha256Hex(Buffer.from(line)));
      if (place < 0) throw invalidChain(head.seq, 'it has an operation that its header does not name there');
      hashes = hashes.slice(place + 1);
      continue;
    }
    if (head.seq === until) return head;
    if (Number(seq) !== head.seq + 1) throw invalidChain(head.seq + 1, `entry ${seq} is in its place`);
    if (prev !== head.hash && head === from) throw forked({ seq: from.seq, hash: from.hash }, String(prev));
    if (prev !== head.hash) throw invalidChain(head.seq + 1, 'it does not follow the one before');
    head = { seq: Number(seq), hash: sha256Hex(Buffer.from(line)) };
    hashes = ops.split(',').map((quoted) => quoted.slice(1, -1));
  }
  return head;
}

/** What to type once somebody has said that all is well. */
const FORGET = 'To begin anew with it: ebpm trust forget URL';

function wentBack(seen: LogPosition, before: LogPosition): EbpmError {
  const message = `Cannot use the registry: its log ended with entry ${before.seq} before, and now ends with ${seen.seq}`;
  return new EbpmError('EBPM_REGISTRY_WENT_BACK', message, {
    hint: `It was put back to an older state, or shows you one. Ask whoever runs it before you trust it again\n${FORGET}`,
    data: { seq: seen.seq, before: before.seq },
  });
}

function forked({ seq, hash }: LogPosition, other: string): EbpmError {
  const message = `Cannot use the registry: entry ${seq} of its log has the hash "${hash}" here and "${other}" there`;
  return new EbpmError('EBPM_REGISTRY_FORKED', message, {
    hint: `It shows different histories. Ask whoever runs it before you trust it again\n${FORGET}`,
    data: { seq },
  });
}

function invalidChain(seq: number, reason: string): EbpmError {
  return new EbpmError('EBPM_LOG_CHAIN_INVALID', `Cannot follow the log of the registry at entry ${seq}: ${reason}`, {
    data: { seq },
  });
}
