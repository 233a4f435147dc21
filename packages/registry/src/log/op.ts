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
export const RULES = 2;

/** The types of operation by log, each with the rules that know it first. Each is for ever; a fold takes any other as void. */
export const OP_TYPES = {
  log: {
    /** `{rules, registry}`: entry 1. */
    genesis: 1,
    /** `{rules, needs?}`: from here on these rules hold. */
    upgrade: 1,
    publish: 1,
    yank: 2,
    unyank: 2,
    deprecate: 2,
    tag: 2,
    owner: 2,
    visibility: 2,
    takedown: 2,
    key: 2,
    condemn: 2,
    swept: 2,
  },
  accounts: {
    genesis: 1,
    upgrade: 1,
    user: 1,
    token: 1,
    revoke: 1,
    organisation: 2,
    member: 2,
    team: 2,
    'team-member': 2,
    grant: 2,
    policy: 2,
    trust: 2,
    erase: 2,
  },
} as const satisfies Readonly<Record<LogName, Readonly<Record<string, number>>>>;

/** A type of operation that this version writes. */
export type OpType = { [Name in LogName]: keyof (typeof OP_TYPES)[Name] }[LogName];

/** The rules that know the type of operation first; undefined when this version knows none, and for what is no type at all: entries come from outside. */
export function rulesWith(log: LogName, type: unknown): number | undefined {
  const types: Readonly<Record<string, number>> = OP_TYPES[log];
  return typeof type === 'string' && Object.hasOwn(types, type) ? types[type] : undefined;
}

/** The rules that an operation puts in force, if it is one that does. */
export function rulesOf(op: Op): number | undefined {
  if (op.type !== 'genesis' && op.type !== 'upgrade') return undefined;
  const { rules } = op;
  return Number.isSafeInteger(rules) ? Number(rules) : undefined;
}
