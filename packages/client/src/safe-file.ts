import type { Stats } from 'node:fs';

/** What speaks against using a file; undefined when nothing does. */
export type Objection = (stat: Stats) => string | undefined;

/** The file belongs to whoever this process is. */
export const owned: Objection = ({ uid }) =>
  uid === process.geteuid?.() ? undefined : `it belongs to the user ${uid}`;

/** Nobody else can use the file. */
export const closed: Objection = ({ mode }) =>
  (mode & 0o077) === 0 ? undefined : `others may use it too, its mode is ${(mode & 0o777).toString(8)}, wanted 600`;

/**
 * Refuses a file that decides what runs, maybe as root, unless one of these users owns it and nobody else can write into it.
 *
 * @param others bits of the mode that say who else could
 * @throws Error with the reason
 */
export function refuseWrittenByOthers({ uid, mode }: Stats, owners: readonly number[], others = 0o022): void {
  if (!owners.includes(uid)) throw new Error(`it belongs to the user ${uid}`);
  if ((mode & others) !== 0) throw new Error(`others may write into it, its mode is ${(mode & 0o777).toString(8)}`);
}

/** Refuses a file that others may have read or written. @throws Error with the reason */
export function refuseUnsafe(stat: Stats): void {
  const reason = owned(stat) ?? closed(stat);
  if (reason !== undefined) throw new Error(reason);
}
