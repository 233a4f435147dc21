import type { Position } from './entry.js';

/**
 * What says who may write: the accounts log, as another log asks it. It is caught up right before each create, so that a
 * revocation takes hold within one round trip; `auth` of an operation is its position at the moment of the check.
 */
export interface Authority {
  catchUp(): Promise<void>;
  head(): Position;
}
