import type { Log } from '../log/log.js';

/** Looks for something; when it is not here, it may be so new that this replica has not read of it: reads the log, looks again. */
export async function foundAfterKick<T>(log: Log, find: () => T | undefined): Promise<T | undefined> {
  const found = find();
  if (found !== undefined) return found;
  await log.kick();
  return find();
}
