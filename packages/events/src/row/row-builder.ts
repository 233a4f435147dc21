import { generateFunction } from '../generate-function.js';
import { utf8Bytes } from '../write/write-text.js';
import { WRITERS } from '../write/writers.js';

/**
 * Turns one record into text: reads `bytes` (`view` is a view of the same) from `at`, writes into `out` from `position`, and returns the
 * position after the text. The record has `length` bytes. The caller has checked that it is there and that `out` has room.
 */
export type RowWriter = (
  bytes: Uint8Array,
  view: DataView,
  at: number,
  out: Uint8Array,
  position: number,
  length: number,
) => number;

/**
 * Collects the source of a `RowWriter` and compiles it.
 *
 * The source sees `b` (bytes), `v` (view), `o` (where the record starts), `t` (out), `p` (position, to be kept up to date), `n` (length) and
 * the functions of `WRITERS`. Nothing from outside stands in it but numbers: names and texts are stored byte by byte, or passed beside the
 * source as constants.
 */
export class RowBuilder {
  readonly #lines: string[] = [];
  readonly #constants: unknown[] = [];
  #literal: number[] = [];
  #locals = 0;

  /** Writes fixed text; neighbouring texts become one. */
  text(text: string): void {
    this.#literal.push(...utf8Bytes(text));
  }

  /** Adds a line of code. */
  code(line: string): void {
    this.#flush();
    this.#lines.push(line);
  }

  /** Writes what the expression writes: one of the `write` functions, or another that returns the new position. */
  write(expression: string): void {
    this.code(`p=${expression};`);
  }

  /** Passes a value beside the source and returns its name. */
  constant(value: unknown): string {
    return `c${this.#constants.push(value) - 1}`;
  }

  /** A fresh name for a variable. */
  local(): string {
    this.#locals += 1;
    return `i${this.#locals}`;
  }

  /** Compiles what was collected. */
  build(): RowWriter {
    this.#flush();
    return generateFunction<RowWriter>('b,v,o,t,p,n', [...this.#lines, 'return p;'], WRITERS, this.#constants);
  }

  #flush(): void {
    const literal = this.#literal;
    if (literal.length === 0) return;
    this.#literal = [];
    if (literal.length > UNROLLED_BYTES) {
      this.#lines.push(`p=writeBytes(t,p,${this.constant(Uint8Array.from(literal))});`);
      return;
    }
    const stores = literal.map((byte, index) => `t[p+${index}]=${byte};`);
    this.#lines.push(`${stores.join('')}p+=${literal.length};`);
  }
}

/** Up to this length, stores one by one are faster than a loop, and the code stays short enough to be optimised. */
const UNROLLED_BYTES = 32;
