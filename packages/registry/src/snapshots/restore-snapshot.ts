import { createHash } from 'node:crypto';
import { type FileHandle, rm } from 'node:fs/promises';
import { EbpmError } from '@ebpm/formats';
import { PositionIndex } from '../index/position-index.js';
import { SCHEMA } from '../index/schema.js';
import { SNAPSHOT_LIMITS } from '../limits-log.js';
import type { FoldPosition } from '../log/log-fold.js';
import { readEntry } from '../log/read-entry.js';
import { openSqlite, Sqlite } from '../sqlite.js';
import { inParallel } from '../stores/in-parallel.js';
import { entryKey, type LogName, type SnapshotKey, snapshotName } from '../stores/keys.js';
import { readLargeObject } from '../stores/large-object.js';
import type { Store } from '../stores/store.js';
import { withFile } from '../stores/with-file.js';
import { type GzipMember, MembersError, splitMembers, unpackMember } from './gzip-members.js';
import { listSnapshots } from './list-snapshots.js';

/** Where a snapshot is to be unpacked. */
export interface RestoreSnapshotOptions {
  readonly store: Store;
  /** A file that does not exist. */
  readonly path: string;
  /** Told why a snapshot is passed over; the next one, or the log, takes its place. */
  readonly onUnsound: (key: SnapshotKey, reason: string) => void;
}

/**
 * Unpacks the newest sound snapshot of this version's tables into a file: its digest is that of what its writer has checked, and both
 * logs have the entries that it says it was made from.
 * @returns its key; undefined, and no file, when there is none
 * @throws EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function restoreSnapshot(options: RestoreSnapshotOptions): Promise<SnapshotKey | undefined> {
  const { store, path, onUnsound } = options;
  for (const key of (await listSnapshots(store, SCHEMA)).slice(0, SNAPSHOT_LIMITS.kept)) {
    const fault = (await unpack(store, key, path)) ?? (await faultOf(store, key, path));
    if (fault === undefined) return key;
    await rm(path, { force: true });
    onUnsound(key, fault);
  }
  return undefined;
}

/** Writes the database into the file, and says what is wrong with what was read. */
async function unpack(store: Store, key: SnapshotKey, path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  async function* hashed() {
    for await (const part of readLargeObject(store, key)) {
      hash.update(part);
      yield part;
    }
  }
  try {
    await withFile({ path, flags: 'wx', mode: 0o600 }, (file) => unpackMembers(splitMembers(hashed()), file));
  } catch (error) {
    if (error instanceof MembersError) return error.message;
    throw error;
  }
  return hash.digest('hex') === snapshotName(key).sha256 ? undefined : 'its digest is not the one in its name';
}

async function unpackMembers(members: AsyncIterable<GzipMember>, file: FileHandle): Promise<void> {
  let [sizeBytes, endBytes] = [0, 0];
  await inParallel(members, async (member) => {
    const { offsetBytes } = member;
    if (offsetBytes >= SNAPSHOT_LIMITS.sizeBytes)
      throw new MembersError(`it has more than ${SNAPSHOT_LIMITS.sizeBytes} bytes`);
    const bytes = await unpackMember(member);
    await writeAt(file, bytes, offsetBytes);
    sizeBytes += bytes.length;
    endBytes = Math.max(endBytes, offsetBytes + bytes.length);
  });
  if (sizeBytes !== endBytes) throw new MembersError('its gzip members are not of 1 MiB each');
}

/** A write(2) may take less than it was given. */
async function writeAt(file: FileHandle, bytes: Uint8Array, offsetBytes: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offsetBytes + written);
    written += bytesWritten;
  }
}

/** What is wrong with a database that was unpacked as it was written. */
async function faultOf(store: Store, key: SnapshotKey, path: string): Promise<string | undefined> {
  const positions = readPositions(path);
  if (typeof positions === 'string') return positions;
  if (positions.log.seq !== snapshotName(key).seq) return `it is at entry ${positions.log.seq}`;
  for (const log of ['log', 'accounts'] as const) {
    const fault = await positionFault(store, log, positions[log]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function readPositions(path: string): Readonly<Record<LogName, FoldPosition>> | string {
  try {
    const database = openSqlite(path, { readonly: true });
    try {
      if (database.pragma('user_version', { simple: true }) !== SCHEMA) return 'its tables are of another version';
      const [log, accounts] = (['log', 'accounts'] as const).map((name) => new PositionIndex(database, name).get());
      return log === undefined || accounts === undefined ? 'it lacks a log' : { log, accounts };
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof Sqlite.SqliteError) return `it is no database of a registry: ${error.message}`;
    throw error;
  }
}

async function positionFault(store: Store, log: LogName, position: FoldPosition): Promise<string | undefined> {
  const { identity, seq, hash } = position;
  if ((await hashAt(store, log, 1)) !== identity) return `it was made from another "${log}"`;
  return (await hashAt(store, log, seq)) === hash ? undefined : `entry ${seq} of "${log}" is another one`;
}

/** The hash of an entry; undefined when it is missing or unsound, which whoever reads the log will find out. */
async function hashAt(store: Store, log: LogName, seq: number): Promise<string | undefined> {
  const bytes = await store.get(entryKey(log, seq));
  if (bytes === undefined) return undefined;
  try {
    return readEntry(bytes, { log, seq, prev: undefined }).hash;
  } catch (error) {
    if (error instanceof EbpmError) return undefined;
    throw error;
  }
}
