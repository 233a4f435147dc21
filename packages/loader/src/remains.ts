/*
 * A process that dies takes its links with it, and what hangs on them. Two things have no link: a filter of classic tc, and a struct_ops
 * table before Linux 6.4. For these a record is written before they are made and removed after them: a file named after the process, in
 * a folder that does not survive a boot, as they do not. Whoever finds a record whose process is gone can take back what it names, and
 * nothing else: a filter is told by the number of its program, which the kernel does not give twice.
 */
import { mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { loadBinding } from './binding.js';
import { MAX_REMAINS_BYTES } from './limits.js';
import { isNativeFailure } from './native-failure.js';
import { bootId, isAlive, type ProcessMark, processMark } from './process-mark.js';

/** Where the records lie. */
export const REMAINS_FOLDER = '/run/ebpm/remains';

export interface TcRemains {
  readonly kind: 'tc';
  /** The network namespace that the interface is in. */
  readonly netns: string;
  readonly ifindex: number;
  readonly egress: boolean;
  readonly programId: number;
  /** Whether there was no clsact qdisc before. */
  readonly madeQdisc: boolean;
}

export interface StructOpsRemains {
  readonly kind: 'struct_ops';
  readonly mapId: number;
}

/** What stays in the kernel when a process ends without detaching. */
export type Remains = TcRemains | StructOpsRemains;

/** What is to be taken back and forgotten by a process that keeps the right to do so. */
export interface Entrusted {
  /** The path of the record. */
  readonly record: string;
  /** Whether that is a folder, and the thing itself: a tracefs instance. */
  readonly isFolder?: boolean;
  /** The filter; undefined when there is only the record. */
  readonly tc?: TcRemains;
}

/** A record on disk. */
interface RemainsRecord {
  readonly owner: ProcessMark;
  readonly remains: Remains;
}

/** A record that was written. */
export interface RemainsFile {
  readonly path: string;
  forget(): void;
}

/** Writes down what is about to be made. @throws EBPM_REMAINS_UNWRITABLE: without a record nobody could find it again */
export function recordRemains(remains: Remains, folder = REMAINS_FOLDER): RemainsFile {
  const owner = processMark();
  const name = `${owner.pid}-${owner.startTicks}-${remains.kind}-${remains.kind === 'tc' ? remains.programId : remains.mapId}.json`;
  const path = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    writeFileSync(`${path}.new`, JSON.stringify({ owner, remains } satisfies RemainsRecord), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (cause) {
    const what = remains.kind === 'tc' ? 'a tc filter' : 'a struct_ops table';
    throw new EbpmError(
      'EBPM_REMAINS_UNWRITABLE',
      `Cannot attach ${what}: it would outlive a crash, and its record cannot be written into ${folder}`,
      { cause, hint: 'run it again with sudo' },
    );
  }
  return { path, forget: () => rmSync(path, { force: true }) };
}

/**
 * Takes back what processes that are gone have left, and forgets their records; gives what was taken back. What is in another network
 * namespace, and what cannot be taken back for want of privilege, stays on record.
 */
export function removeRemains(folder = REMAINS_FOLDER): readonly Remains[] {
  const removed: Remains[] = [];
  const qdiscs: TcRemains[] = [];
  for (const path of recordPaths(folder)) {
    const record = readRecord(path);
    if (record === undefined || isAlive(record.owner)) continue;
    const { remains, owner } = record;
    // Nothing of it survives a boot.
    if (owner.bootId !== bootId()) {
      rmSync(path, { force: true });
      continue;
    }
    if (remains.kind === 'tc' && remains.netns !== currentNetns()) continue;
    unlessRefused(() => {
      if (remains.kind === 'tc' ? removeTcFilter(remains) : removeStructOps(remains)) removed.push(remains);
      if (remains.kind === 'tc') qdiscs.push(remains);
      rmSync(path, { force: true });
    });
  }
  // Only now: one qdisc carries the filters of both directions.
  for (const remains of qdiscs) unlessRefused(() => removeTcQdisc(remains));
  return removed;
}

function unlessRefused(remove: () => void): void {
  try {
    remove();
  } catch (error) {
    if (!isNativeFailure(error)) throw error;
  }
}

/** Removes the filter, and the qdisc when it was made for it and nothing else hangs on it; whether there was a filter. */
export function removeTcRemains(remains: TcRemains): boolean {
  const removed = removeTcFilter(remains);
  removeTcQdisc(remains);
  return removed;
}

function removeTcFilter({ ifindex, egress, programId }: TcRemains): boolean {
  return loadBinding().removeTcFilters(ifindex, egress, programId) > 0;
}

function removeTcQdisc({ ifindex, madeQdisc }: TcRemains): void {
  if (madeQdisc) loadBinding().removeUnusedClsact(ifindex);
}

/** The network namespace of this process, as the kernel names it. */
export function currentNetns(): string {
  return readlinkSync('/proc/self/ns/net');
}

function removeStructOps({ mapId }: StructOpsRemains): boolean {
  loadBinding().unregisterStructOps(mapId);
  return true;
}

function recordPaths(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Undefined for a file that is no record of ours, or is gone. */
function readRecord(path: string): RemainsRecord | undefined {
  const text = readFileSync(path, 'utf8');
  if (text.length > MAX_REMAINS_BYTES) return undefined;
  try {
    const record: RemainsRecord = JSON.parse(text);
    return isRecord(record ?? {}) ? record : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord({ owner, remains }: Partial<RemainsRecord>): boolean {
  if (typeof owner?.pid !== 'number' || typeof owner.startTicks !== 'string') return false;
  if (remains?.kind === 'struct_ops') return Number.isInteger(remains.mapId);
  return remains?.kind === 'tc' && Number.isInteger(remains.ifindex) && Number.isInteger(remains.programId);
}
