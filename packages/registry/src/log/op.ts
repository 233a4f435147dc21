import type { LogName } from '../stores/keys.js';

/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One operation as it stands in the log. The fields below are in every one; the others belong to its type. */
export interface Op {
  readonly type: string;
  /** 128 random bits in hex: who sees only the hash of a hidden operation cannot guess its contents. */
  readonly salt: string;
  /** The opaque id of the acting user; `registry` for what the registry does by itself. */
  readonly by: string;
  /** The last entry of the accounts log that was folded when the operation was checked. */
  readonly auth: number;
  readonly [field: string]: JsonValue;
}

/** An operation that is to be committed; the log adds `salt` and `auth`. */
export interface NewOp {
  readonly type: OpType;
  readonly by: string;
  readonly [field: string]: JsonValue;
}

/**
 * The number of the rules by which this version folds. A type of operation that a table below lists later, or a fold that
 * judges differently, needs a higher one, which an `upgrade` operation writes into the log before anything uses it.
 */
export const RULES = 1;

/** The types of operation that rules 1 know, by log. Each is for ever; a fold takes any other as void. */
export const OP_TYPES = {
  /** `genesis` {rules, registry}: entry 1. `upgrade` {rules}: from here on these rules hold. */
  log: ['genesis', 'upgrade', 'publish'],
  accounts: ['genesis', 'upgrade', 'user', 'token', 'revoke'],
} as const satisfies Readonly<Record<LogName, readonly string[]>>;

/** A type of operation that this version writes. */
export type OpType = (typeof OP_TYPES)[LogName][number];

/** The rules that an operation puts in force, if it is one that does. */
export function rulesOf(op: Op): number | undefined {
  if (op.type !== 'genesis' && op.type !== 'upgrade') return undefined;
  return typeof op['rules'] === 'number' ? op['rules'] : undefined;
}
