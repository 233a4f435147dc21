import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { InstalledVersion } from '@ebpm/client/installed';
import { isAlive, type ProcessMark } from '@ebpm/loader';
import { RUN_FILE_MAX_BYTES } from '../limits.js';
import { type RunFiles, runFiles } from './run-files.js';
import { isOurs } from './runs-folder.js';

/** A background run, as it wrote itself down. */
export interface RunRecord {
  readonly id: string;
  /** What `--name` gave it. */
  readonly name: string | undefined;
  /** Its place among those that want the same name (reserve-run.ts): nanoseconds since boot, as digits. */
  readonly number: string;
  /** The package as it was named. */
  readonly package: string;
  /** The program's arguments. */
  readonly args: readonly string[];
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly process: ProcessMark;
  /** What runs, where it was installed from a registry. */
  readonly installed?: InstalledRun | undefined;
  /** The tools that its module can start. */
  readonly tools?: readonly InstalledRun[] | undefined;
}

/** As much of an installed version as tells whether it was revoked since. */
export type InstalledRun = Pick<InstalledVersion, 'name' | 'version' | 'digest' | 'registry' | 'signature'>;

/** What a record keeps of an installed version. */
export function installedRun({ name, version, digest, registry, signature }: InstalledVersion): InstalledRun {
  return { name, version, digest, registry, ...(signature !== undefined && { signature }) };
}

/** How a run ended. */
export interface RunEnd {
  readonly exitCode: number;
  readonly endedAtMs: number;
}

/** A run that is known here. */
export interface KnownRun {
  readonly record: RunRecord;
  readonly files: RunFiles;
  readonly isRunning: boolean;
  /** Undefined while it runs, and when it was killed. */
  readonly end: RunEnd | undefined;
}

/** Writes the record, whole or not at all. */
export function writeRunRecord(path: string, record: RunRecord): void {
  writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The run of that folder; undefined where it is none, or not this user's. */
export function readRun(folder: string): KnownRun | undefined {
  const files = runFiles(folder);
  const record = isOurs(folder) ? readJson(files.record, isRunRecord) : undefined;
  if (record === undefined) return undefined;
  return { record, files, isRunning: isAlive(record.process), end: readJson(files.end, isRunEnd) };
}

/** Undefined, too, where the run was forgotten a moment ago. */
function readJson<T>(path: string, isValid: (value: Partial<T>) => boolean): T | undefined {
  if (!isOurs(path)) return undefined;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (fstatSync(descriptor).size > RUN_FILE_MAX_BYTES) return undefined;
    const value = JSON.parse(readFileSync(descriptor, 'utf8'));
    return isValid(value ?? {}) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function isRunRecord(value: Partial<RunRecord>): boolean {
  const { id, name, number, package: spec, args, startedAtMs, process, tools = [] } = value;
  return (
    typeof id === 'string' &&
    (name === undefined || typeof name === 'string') &&
    /^\d{1,20}$/.test(String(number)) &&
    typeof spec === 'string' &&
    Array.isArray(args) &&
    args.every((word) => typeof word === 'string') &&
    typeof startedAtMs === 'number' &&
    Array.isArray(tools) &&
    typeof process?.pid === 'number' &&
    typeof process.startTicks === 'string' &&
    typeof process.bootId === 'string'
  );
}

function isRunEnd({ exitCode, endedAtMs }: Partial<RunEnd>): boolean {
  return typeof exitCode === 'number' && typeof endedAtMs === 'number';
}
