import type { Op } from '../log/op.js';

/** Which operation of a log. */
export interface OperationPlace {
  readonly seq: number;
  /** Its place in the entry, from 0. */
  readonly index: number;
}

/** What a fold knows of an operation besides its own fields. */
export interface FoldContext {
  readonly at: OperationPlace;
  /** Of the entry: RFC 3339, UTC. */
  readonly time: string;
  /** The number of the rules in force. */
  readonly rules: number;
}

/** An operation that stands in a log and that the rules forbid: kept, without effect. */
export interface VoidOperation {
  readonly at: OperationPlace;
  /** `unknown` (nothing that these rules know), `repeated`, or the code that refuses it. */
  readonly reason: string;
}

/** Whether the operation is about the log itself, which the log deals with alone, and not about what is folded here. */
export function isOfTheLog(op: Op, place: OperationPlace): boolean {
  return op.type === 'upgrade' || (op.type === 'genesis' && place.seq === 1);
}
