import { EbpmError, openRevocations, parseNoteKey, type Revocations } from '@ebpm/formats';
import { refuseOther } from '../log-head.js';
import { StorePaths } from '../store-paths.js';
import { writeFileAtomically } from '../write-file-atomically.js';
import { writing } from '../writing.js';
import { knownRevocations, type SavedRevocations } from './known-revocations.js';
import { LogPins } from './log-pins.js';

/** Nobody but the user reads or writes the file. */
const MODE = 0o600;

/** What asks a registry for its revocations. */
export interface RefreshOptions {
  /** An absolute path, such as `$EBPM_HOME`. */
  readonly home: string;
  /** Of the registry, as `registryUrl` gives it. */
  readonly url: string;
  readonly nowMs: number;
  /** What was asked less than this long ago is not asked again, in milliseconds. */
  readonly atMostEveryMs: number;
  /** Asks for the signed list. @param minSeq what the registry is to have read before it answers */
  readonly ask: (minSeq: string) => Promise<string>;
}

/**
 * Asks a registry what it has revoked, unless that was done a short while ago, and keeps the answer. A registry that was never used
 * is not asked. The list never goes back.
 *
 * @returns what is known afterwards
 * @throws EBPM_REVOCATIONS_OLD, EBPM_REGISTRY_FORKED, EBPM_NOTE_INVALID, EBPM_TRUST_UNUSABLE, EBPM_STORE_UNWRITABLE, and what `ask` throws
 */
export async function refreshRevocations(options: RefreshOptions): Promise<Revocations | undefined> {
  const { home, url, nowMs, atMostEveryMs, ask } = options;
  const pin = await new LogPins(home).read(url);
  const before = await knownRevocations(home, url);
  const sinceMs = nowMs - (before?.askedAtMs ?? Number.NEGATIVE_INFINITY);
  if (pin === undefined || (sinceMs >= 0 && sinceMs < atMostEveryMs)) return before?.list;
  // First, so that a registry that does not answer is not asked at every run.
  await save(home, url, { note: before?.note, askedAtMs: nowMs });
  const { key, head } = pin;
  const note = await ask(`${head.seq}-${head.hash.slice(0, 8)}`);
  const list = openRevocations(note, parseNoteKey(key));
  const isOld = (than: Revocations) => list.seq < than.seq || (list.seq === than.seq && list.time < than.time);
  if (list.seq < head.seq || (before?.list !== undefined && isOld(before.list))) throw old(url, list);
  refuseOther(list, head);
  await save(home, url, { note, askedAtMs: nowMs });
  return list;
}

async function save(home: string, url: string, saved: SavedRevocations): Promise<void> {
  await writing(() => writeFileAtomically(new StorePaths(home).revocations(url), JSON.stringify(saved), MODE));
}

function old(url: string, { seq, time }: Revocations): EbpmError {
  return new EbpmError(
    'EBPM_REVOCATIONS_OLD',
    `Cannot use "${url}": what it says was revoked is of entry ${seq} of its log (${time}), and a later state was seen before`,
    {
      hint: 'It shows an old list, so that what was revoked since seems good. Ask whoever runs it before you trust it again',
      data: { seq },
    },
  );
}
