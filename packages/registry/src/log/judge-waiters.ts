import type { LogFold } from './log-fold.js';
import { completeOp } from './write-entry.js';
import type { Waiter, WriteQueue } from './write-queue.js';

/** By place in an entry: all who wait for the operation there. */
export type Places = readonly (readonly Waiter[])[];

/** Who is judged, by what. */
export interface JudgedWaiters {
  readonly taken: readonly Waiter[];
  readonly auth: number;
  readonly fold: LogFold;
  readonly queue: WriteQueue;
}

/**
 * Has the fold judge operations that were taken from the queue, and answers those for whom nothing is to be written. Returns
 * the others by their place in the entry.
 * @throws TypeError when the fold does not judge each, or lets one share the fate of one that is not written
 */
export function judgeWaiters({ taken, auth, fold, queue }: JudgedWaiters): Places {
  const verdicts = fold.check(taken.map(({ op, salt }) => completeOp(op, salt, auth)));
  const places = new Map<number, Waiter[]>();
  for (const [i, waiter] of taken.entries()) {
    const verdict = verdicts[i];
    switch (verdict?.kind) {
      case 'accept':
        places.set(i, [waiter]);
        break;
      case 'already':
        queue.resolve(waiter, { already: true, seq: verdict.seq });
        break;
      case 'refuse':
        queue.reject(waiter, verdict.error);
        break;
      case 'same':
        placeOf(places, verdict.index).push(waiter);
        break;
      case undefined:
        throw new TypeError(`The fold did not judge operation ${i}`);
    }
  }
  return [...places.values()];
}

function placeOf(places: ReadonlyMap<number, Waiter[]>, index: number): Waiter[] {
  const place = places.get(index);
  if (place === undefined) throw new TypeError(`No operation can share the fate of operation ${index}`);
  return place;
}
