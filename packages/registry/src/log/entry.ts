// An entry of a log as it lies in the store, NDJSON in UTF-8, every line ended by LF:
//
//   {"v":1,"seq":7,"prev":"<H of entry 6>","nonce":"<32 hex>","writer":"<id>","time":"<RFC 3339, ms, Z>","ops":["<h0>","<h1>"]}
//   {"type":"publish","salt":"<32 hex>","by":"<user>","auth":3,...}          SHA-256 of this line is h0
//   {"type":"publish","salt":"<32 hex>","by":"<user>","auth":3,...}          SHA-256 of this line is h1
//
// H of an entry is the SHA-256 of its header line without LF. Hashes are over stored bytes; nothing is serialised again.
// A line may be left out (a hidden or erased operation): its hash in the header stays, and the chain with it.

import type { Op } from './op.js';

/** A place in a log: the number of an entry (0: before the first) and its hash. */
export interface Position {
  readonly seq: number;
  /** 64 hex digits; 64 zeros at 0. */
  readonly hash: string;
}

/** Before entry 1. */
export const START: Position = { seq: 0, hash: '0'.repeat(64) };

/** An entry that was read, checked against its predecessor, and whose lines have the hashes that its header names. */
export interface Entry extends Position {
  readonly prev: string;
  /** 32 hex digits: tells a writer whether what it reads back is its own. */
  readonly nonce: string;
  readonly writer: string;
  /** Registry time, RFC 3339 with milliseconds, in UTC. The order of entries is their number alone. */
  readonly time: string;
  readonly ops: readonly EntryOp[];
}

/** One operation of an entry. */
export interface EntryOp {
  /** Its place in the header, from 0. */
  readonly index: number;
  /** SHA-256 of its line, hex. */
  readonly hash: string;
  /** Undefined when its line was left out. */
  readonly op: Op | undefined;
}
