// What a registry says must not be used any more, signed with the key that signs its heads, as of one entry of its log. The first line is
// another one than a checkpoint's, so that neither passes for the other:
//
//   ebpm-revocations/<id of the registry>
//   <number of the entry>
//   <hash of the entry, base64>
//   <time>
//   key k_<32 hex>          a publisher's key that was revoked
//   digest sha256:<64 hex>  an archive that was taken down
//   package <name>          a package that was taken down as a whole

import { Buffer } from 'node:buffer';
import type { Checkpoint } from './checkpoint.js';
import { EbpmError } from './ebpm-error.js';
import { MAX_REVOCATIONS_LENGTH } from './limits.js';
import { type NoteKey, type NoteSigner, openNote } from './signed-note.js';

/** What must not be used any more, as of a head of the log. */
export interface Revocations extends Checkpoint {
  /** Ids of keys. */
  readonly keys: ReadonlySet<string>;
  readonly digests: ReadonlySet<string>;
  /** Names of packages. */
  readonly packages: ReadonlySet<string>;
}

/** A list as a signed note. */
export function signRevocations(list: Revocations, signer: NoteSigner): string {
  const { registry, seq, hash, time, keys, digests, packages } = list;
  const lines = [
    `ebpm-revocations/${registry}`,
    String(seq),
    Buffer.from(hash, 'hex').toString('base64'),
    time,
    ...[...keys].sort().map((id) => `key ${id}`),
    ...[...digests].sort().map((digest) => `digest ${digest}`),
    ...[...packages].sort().map((name) => `package ${name}`),
  ];
  return signer.sign(`${lines.join('\n')}\n`);
}

/**
 * Reads a list that the key has signed. Lines of a kind that is not known are let be: a later registry may have more to say.
 * @throws EBPM_NOTE_INVALID
 */
export function openRevocations(note: string, key: NoteKey): Revocations {
  const [origin = '', seq = '', base64 = '', time = '', ...lines] = openNote(note, key, MAX_REVOCATIONS_LENGTH).split(
    '\n',
  );
  const registry = /^ebpm-revocations\/([0-9a-f]{32})$/.exec(origin)?.[1];
  const isWhole =
    registry !== undefined &&
    key.name === `ebpm-registry/${registry}` &&
    /^(?:0|[1-9][0-9]{0,11})$/.test(seq) &&
    /^[A-Za-z0-9+/]{43}=$/.test(base64) &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(time);
  if (!isWhole) {
    throw new EbpmError('EBPM_NOTE_INVALID', 'Cannot trust what the registry says was revoked: it is no such list');
  }
  const of = (kind: string) =>
    new Set(lines.flatMap((line) => (line.startsWith(`${kind} `) ? [line.slice(kind.length + 1)] : [])));
  const hash = Buffer.from(base64, 'base64').toString('hex');
  const named = { keys: of('key'), digests: of('digest'), packages: of('package') };
  return { registry, seq: Number(seq), hash, time, ...named };
}
