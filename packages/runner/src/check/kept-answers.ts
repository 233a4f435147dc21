/*
 * What the kernel answers to a trial stays the same until it is booted again, so answers are kept in a file for as long. Others may have put
 * something there: the file counts only where it is a regular one of this user's that nobody else may write to, in a folder of which the same
 * is true, and every line of it is looked at. What is wrong with it is not told: the kernel is asked again.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { release, version } from 'node:os';
import { dirname, join } from 'node:path';
import type { CallAnswer } from '@ebpm/loader';
import { KEPT_ANSWERS_MAX_BYTES, MAX_KEPT_ANSWERS } from '../limits.js';
import { textAt } from './if-readable.js';

/** Answers of the kernel: to a question about something it has, or may be called. */
export type Answer = boolean | CallAnswer;

/** Answers that outlive this process, and no boot. */
export class KeptAnswers {
  readonly #folder: string | undefined;
  readonly #boot: string;
  #answers: Map<string, Answer> | undefined;
  #isChanged = false;

  /** @param folder where they are kept; undefined: nowhere */
  constructor(folder: string | undefined, boot: string = bootMark()) {
    this.#folder = folder;
    this.#boot = boot;
  }

  /** What the kernel says to a question, asked only where it has not been; what it leaves open is asked again. */
  ask<Asked extends Answer>(question: string, ask: () => Asked | undefined): Asked | undefined {
    this.#answers ??= this.#read();
    const known = this.#answers.get(question);
    if (known !== undefined) return known as Asked;
    const answer = ask();
    if (answer !== undefined && isLasting(answer) && this.#answers.size < MAX_KEPT_ANSWERS) {
      this.#answers.set(question, answer);
      this.#isChanged = true;
    }
    return answer;
  }

  /** Writes down what was learnt. Where that cannot be, it is asked again next time. */
  keep(): void {
    if (!this.#isChanged || this.#folder === undefined || this.#answers === undefined) return;
    const text = JSON.stringify({ boot: this.#boot, answers: Object.fromEntries(this.#answers) });
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      if (isOurs(lstatSync(this.#folder))) writeWhole(join(this.#folder, FILE), text);
      this.#isChanged = false;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }

  #read(): Map<string, Answer> {
    const text = this.#folder === undefined ? undefined : readOurs(join(this.#folder, FILE));
    return text === undefined ? new Map() : (parseAnswers(text, this.#boot) ?? new Map());
  }
}

const FILE = 'answers.json';

function isLasting(answer: Answer): boolean {
  return typeof answer === 'boolean' || !('isPolicy' in answer);
}

/** What tells this boot of this kernel, locked down as it is, from all others. */
export function bootMark(): string {
  // The kernel's notes have the digest that it was built with.
  const parts = ['/proc/sys/kernel/random/boot_id', '/sys/kernel/notes', '/sys/kernel/security/lockdown'].map(
    (path) => textAt(path) ?? '',
  );
  return [release(), version(), ...parts].join('\n');
}

/** Undefined for what is not of this boot, or not in our form. */
export function parseAnswers(text: string, boot: string): Map<string, Answer> | undefined {
  const file = parsed(text);
  if (file?.['boot'] !== boot || typeof file['answers'] !== 'object' || file['answers'] === null) return undefined;
  const entries = Object.entries(file['answers']);
  const isWhole = entries.length <= MAX_KEPT_ANSWERS && entries.every(([, answer]) => isAnswer(answer));
  return isWhole ? new Map(entries as [string, Answer][]) : undefined;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isAnswer(value: unknown): value is Answer {
  if (typeof value === 'boolean') return true;
  if (typeof value !== 'object' || value === null || !('allowed' in value)) return false;
  return value.allowed === true || (value.allowed === false && 'reason' in value && typeof value.reason === 'string');
}

function readOurs(path: string): string | undefined {
  let descriptor: number;
  try {
    if (!isOurs(lstatSync(dirname(path)))) return undefined;
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || !isOurs(stat) || stat.size > KEPT_ANSWERS_MAX_BYTES) return undefined;
    const bytes = Buffer.alloc(stat.size);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, stat.size, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Whether nobody but this user can have written there. */
function isOurs({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return uid === process.geteuid?.() && (mode & 0o022) === 0;
}

function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
}
