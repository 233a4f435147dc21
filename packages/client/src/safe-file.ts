import type { Stats } from 'node:fs';

/** What speaks against using a file; undefined when nothing does. */
export type Objection = (stat: Stats) => string | undefined;

/** The file belongs to whoever this process is. */
export const owned: Objection = ({ uid }) =>
  uid === process.geteuid?.() ? undefined : `it belongs to the user ${uid}`;

/** Nobody else can use the file. */
export const closed: Objection = ({ mode }) =>
  (mode & 0o077) === 0 ? undefined : `others may use it too, its mode is ${(mode & 0o777).toString(8)}, wanted 600`;

/** Refuses a file that others may have read or written. @throws Error with the reason */
export function refuseUnsafe(stat: Stats): void {
  const reason = owned(stat) ?? closed(stat);
  if (reason !== undefined) throw new Error(reason);
}
