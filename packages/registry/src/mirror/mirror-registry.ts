// A mirror follows the log of a registry over HTTP. It checks every entry against the one before and the last one against the
// signed head, then fetches what the new entries are about: the documents of those packages and their archives. Everything is
// in its place before the file that says how far the mirror is.

import {
  EbpmError,
  MIRROR_CHECKPOINT_FILE,
  MIRROR_FILE,
  MIRROR_REVOCATIONS_FILE,
  mirrorEntryFile,
} from '@ebpm/formats';
import type { Entry, Position } from '../log/entry.js';
import { readEntry } from '../log/read-entry.js';
import { splitEntries } from '../log/split-entries.js';
import { visibleEntry } from '../log/visible-entry.js';
import { matchesNames } from '../name-patterns.js';
import { inParallel } from '../stores/in-parallel.js';
import { MirrorCatalogue } from './mirror-catalogue.js';
import type { MirrorFiles } from './mirror-files.js';
import { mirrorPackage } from './mirror-package.js';
import type { MirrorSource } from './mirror-source.js';
import { type MirrorState, newMirrorState, readMirrorState } from './mirror-state.js';

/** What one pass of a mirror did. */
export interface Mirrored {
  /** The entry that the mirror is at. */
  readonly seq: number;
  readonly entries: number;
  /** Packages that were fetched or removed. */
  readonly packages: number;
  readonly blobs: number;
}

/**
 * Brings a mirror to where its registry is.
 * @param include patterns of names; none for everything. They belong to a mirror from its beginning.
 * @throws EBPM_MIRROR_DAMAGED, EBPM_MIRROR_DIFFERS, EBPM_MIRROR_SOURCE, EBPM_NOTE_INVALID, EBPM_REGISTRY_FORKED, EBPM_LOG_UNSOUND,
 * EBPM_LOG_TOO_NEW, EBPM_DIGEST_MISMATCH, and what `Outbound` throws
 */
export async function mirrorRegistry(
  source: MirrorSource,
  files: MirrorFiles,
  include: readonly string[],
): Promise<Mirrored> {
  const before = await readMirrorState(files);
  const key = before?.key ?? (await source.key());
  const { note, head } = await source.checkpoint(key);
  const state = before ?? newMirrorState(head.registry, key, include);
  checkIsSame(state, include, files);
  if (head.seq < state.seq) throw forked(source, head.seq, `the mirror is at entry ${state.seq} already`);
  const followed = await follow(source, files, state, head.seq);
  if (followed.head.hash !== head.hash) throw forked(source, head.seq, 'its signed head is another one');
  const catalogue = await MirrorCatalogue.read(files);
  let blobs = 0;
  await inParallel(followed.names, async (name) => {
    const came = await mirrorPackage({ name, source, files, catalogue, ...followed });
    blobs += came;
  });
  if (followed.names.size > 0) await catalogue.write(files);
  const revocations = await source.revocations(state.key);
  if (revocations !== undefined) await files.write(MIRROR_REVOCATIONS_FILE, revocations);
  await files.write(MIRROR_CHECKPOINT_FILE, note);
  await files.write(MIRROR_FILE, `${JSON.stringify({ ...state, ...followed.head }, null, 2)}\n`);
  return { seq: head.seq, entries: head.seq - state.seq, packages: followed.names.size, blobs };
}

interface Followed {
  readonly head: Position;
  /** The packages that the new entries are about. */
  readonly names: ReadonlySet<string>;
  /** Digests of what they publish, by `name@version`. */
  readonly published: ReadonlyMap<string, string>;
  /** Packages that became visible: what they published before is not among the new entries. */
  readonly shown: ReadonlySet<string>;
}

async function follow(source: MirrorSource, files: MirrorFiles, state: MirrorState, until: number): Promise<Followed> {
  let head: Position = { seq: state.seq, hash: state.hash };
  const names = new Set<string>();
  const published = new Map<string, string>();
  const shown = new Set<string>();
  const followed = { names, published, shown };
  while (head.seq < until) {
    const from = head.seq;
    for await (const bytes of splitEntries(once(await source.entries(from + 1)), from + 1)) {
      if (head.seq === until) break;
      const entry = readEntry(bytes, { log: 'log', seq: head.seq + 1, prev: head.hash });
      note(entry, state.include, followed);
      await files.write(
        mirrorEntryFile(entry.seq),
        visibleEntry(bytes, (op) => isIncluded(op['name'], state.include)),
      );
      head = { seq: entry.seq, hash: entry.hash };
    }
    if (head.seq === from) throw forked(source, from + 1, 'its signed head is behind it, and it does not give it');
  }
  return { head, ...followed };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

interface Noted {
  readonly names: Set<string>;
  readonly published: Map<string, string>;
  readonly shown: Set<string>;
}

function note(entry: Entry, include: readonly string[], { names, published, shown }: Noted): void {
  for (const { op } of entry.ops) {
    const name = op?.['name'];
    if (op === undefined || typeof name !== 'string' || !isIncluded(name, include)) continue;
    names.add(name);
    if (op.type === 'visibility') shown.add(name);
    if (op.type !== 'publish') continue;
    const place = `${name}@${String(op['version'])}`;
    // The first one wins, as everywhere.
    if (!published.has(place)) published.set(place, String(op['digest']));
  }
}

/** Operations without a name are about the log, or about all packages. */
function isIncluded(name: unknown, include: readonly string[]): boolean {
  return typeof name !== 'string' || matchesNames(name, include);
}

function checkIsSame(state: MirrorState, include: readonly string[], files: MirrorFiles): void {
  if (state.include.join() === include.join()) return;
  const what = (patterns: readonly string[]) => (patterns.length === 0 ? 'everything' : `"${patterns.join(', ')}"`);
  throw new EbpmError(
    'EBPM_MIRROR_DIFFERS',
    `Cannot mirror ${what(include)} into "${files.root}": it mirrors ${what(state.include)}`,
    { hint: 'Use the same --include, or another folder' },
  );
}

function forked(source: MirrorSource, seq: number, reason: string): EbpmError {
  return new EbpmError('EBPM_REGISTRY_FORKED', `Cannot follow "${source.url}" at entry ${seq}: ${reason}`, {
    hint: 'It was put back to an older state, or shows different histories. Ask whoever runs it',
    data: { seq },
  });
}
