import { hash } from 'node:crypto';
import type { Position } from './entry.js';
import type { NewOp, Op } from './op.js';

/** What an entry is made of. */
export interface EntryParts {
  /** The entry that it follows. */
  readonly after: Position;
  readonly nonce: string;
  readonly writer: string;
  /** Milliseconds since 1970, UTC. */
  readonly timeMs: number;
  /** One line each, as `opLine` makes them. */
  readonly opLines: readonly string[];
}

/** The bytes of an entry. */
export function writeEntry({ after, nonce, writer, timeMs, opLines }: EntryParts): Uint8Array {
  const header = {
    v: 1,
    seq: after.seq + 1,
    prev: after.hash,
    nonce,
    writer,
    time: new Date(timeMs).toISOString(),
    ops: opLines.map((line) => hash('sha256', line, 'hex')),
  };
  return Buffer.from([JSON.stringify(header), ...opLines, ''].join('\n'));
}

/** The operation as it will stand in the log. */
export function completeOp(op: NewOp, salt: string, auth: number): Op {
  const { type, by, ...fields } = op;
  return { type, salt, by, auth, ...fields };
}

/** An operation's line, without LF. */
export function opLine(op: Op): string {
  return JSON.stringify(op);
}

/** The lines of an operation, for each `auth` that it may get: what else is in them is made into text once. */
export function opLines(op: NewOp, salt: string): (auth: number) => string {
  const { type, by, ...fields } = op;
  const start = JSON.stringify({ type, salt, by }).slice(0, -1);
  const rest = JSON.stringify(fields).slice(1);
  const end = rest === '}' ? rest : `,${rest}`;
  return (auth) => `${start},"auth":${auth}${end}`;
}
