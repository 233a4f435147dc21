import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { EbpmError, isRange, JsonTextError, parseJsonText } from '@ebpm/formats';
import { type Lockfile, lockfileKind, validate } from '@ebpm/schemas';
import { MAX_LOCKFILE_BYTES } from '../limits.js';
import { readRegularFile } from '../read-regular-file.js';
import { versionIdentity } from '../version-identity.js';
import { writeFileAtomically } from '../write-file-atomically.js';

/** Name of the lockfile, beside ebpm.json. */
export const LOCKFILE = 'ebpm.lock';

/**
 * The lockfile of a project; undefined where there is none.
 *
 * @param check looks at the very file that is read, and throws to refuse it
 * @throws EBPM_LOCKFILE_INVALID
 */
export async function readLockfile(folder: string, check?: (stat: Stats) => void): Promise<Lockfile | undefined> {
  const path = join(folder, LOCKFILE);
  const bytes = await readRegularFile(path, MAX_LOCKFILE_BYTES, check).catch((cause: Error) => {
    throw invalid(path, cause.message, cause);
  });
  return bytes === undefined ? undefined : parseLockfile(bytes, path);
}

/**
 * The lockfile of a project that must have one.
 *
 * @param action what cannot be done without it, such as `install by a lockfile`
 * @throws EBPM_LOCKFILE_MISSING, EBPM_LOCKFILE_INVALID
 */
export async function requireLockfile(folder: string, action: string): Promise<Lockfile> {
  const lockfile = await readLockfile(folder);
  if (lockfile !== undefined) return lockfile;
  throw new EbpmError('EBPM_LOCKFILE_MISSING', `Cannot ${action}: "${folder}" has no ${LOCKFILE}`, {
    hint: 'Make one: ebpm install',
  });
}

/** Writes a lockfile, packages by name, so that two that say the same are the same bytes. @throws EBPM_LOCKFILE_UNWRITABLE */
export async function writeLockfile(folder: string, lockfile: Lockfile): Promise<void> {
  const path = join(folder, LOCKFILE);
  const ordered = { ...lockfile, requires: sorted(lockfile.requires), packages: sorted(lockfile.packages) };
  try {
    await writeFileAtomically(path, `${JSON.stringify(ordered, null, 2)}\n`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_LOCKFILE_UNWRITABLE', `Cannot write "${path}": ${reason}`, { cause });
  }
}

function parseLockfile(bytes: Uint8Array, path: string): Lockfile {
  let value: unknown;
  try {
    value = parseJsonText(bytes, { uniqueKeys: true });
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    throw invalid(path, `it is not JSON: ${cause.message}`, cause);
  }
  const checked = validate(lockfileKind, value);
  if (!checked.ok) {
    const [problem = { path: '', message: 'is none' }] = checked.problems;
    throw invalid(path, `${problem.path === '' ? 'it' : problem.path} ${problem.message}`);
  }
  const wrong = Object.entries(checked.value.packages).find(([, one]) => versionIdentity(one.version) !== one.version);
  if (wrong !== undefined) throw invalid(path, `"${wrong[1].version}" of "${wrong[0]}" is no version`);
  const ranges = [
    checked.value.requires,
    ...Object.values(checked.value.packages).map((one) => one.dependencies ?? {}),
  ];
  const bad = ranges.flatMap(Object.values).find((range: string) => !isRange(range));
  if (bad !== undefined) throw invalid(path, `"${bad}" is no version range`);
  return checked.value;
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function invalid(path: string, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_LOCKFILE_INVALID', `Cannot read "${path}": ${reason}`, {
    cause,
    hint: 'Take it back from version control, or remove it and type: ebpm install',
  });
}
