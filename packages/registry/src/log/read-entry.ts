import { hash } from 'node:crypto';
import type { EbpmError } from '@ebpm/formats';
import { ENTRY_LIMITS } from '../limits-log.js';
import { parseJson } from '../parse-json.js';
import type { LogName } from '../stores/keys.js';
import type { Entry, EntryOp } from './entry.js';
import { tooNew, unsound } from './log-errors.js';
import { type Op, RULES, rulesOf } from './op.js';

/** Which entry the bytes must be. */
export interface ExpectedEntry {
  readonly log: LogName;
  readonly seq: number;
  /** The hash of the entry before; undefined where the entry's own hash is compared with a known one instead. */
  readonly prev: string | undefined;
}

/**
 * Reads an entry as stored and checks all of it: format, number, predecessor, sizes, UTF-8, and that every line has the next
 * hash of the header. Missing lines are hidden operations.
 * @throws EBPM_LOG_UNSOUND when anything is wrong
 * @throws EBPM_LOG_TOO_NEW when a later format, or rules with a higher number, are in force
 */
export function readEntry(bytes: Uint8Array, expected: ExpectedEntry): Entry {
  if (bytes.length > ENTRY_LIMITS.entrySizeBytes) throw wrong(expected, `it has ${bytes.length} bytes`);
  const [headerLine, ...opLines] = lines(bytes, expected);
  if (headerLine === undefined) throw wrong(expected, 'it is empty');
  const { hashes, ...header } = readHeader(headerLine, expected);
  const entry = { ...header, hash: sha256(headerLine), ops: readOps(opLines, hashes, expected) };
  checkRules(entry, expected);
  return entry;
}

function lines(bytes: Uint8Array, expected: ExpectedEntry): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) throw wrong(expected, 'its last line has no end');
    found.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return found;
}

// A header has one spelling only, so that no two JSON parsers can see two things in it.
const HEADER = new RegExp(
  '^\\{"v":1,"seq":([1-9][0-9]{0,11}),"prev":"([0-9a-f]{64})","nonce":"([0-9a-f]{32})","writer":"([A-Za-z0-9._-]{1,64})",' +
    '"time":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z)","ops":\\[((?:"[0-9a-f]{64}",?)+)\\]\\}$',
);

function readHeader(line: Uint8Array, expected: ExpectedEntry) {
  const text = utf8(line, expected);
  const format = /^\{"v":([1-9][0-9]{0,8}),/.exec(text)?.[1];
  if (format !== undefined && Number(format) > 1) {
    throw tooNew(expected.log, expected.seq, `it has format ${format}, and this version reads format 1`);
  }
  const [, seq, prev = '', nonce = '', writer = '', time = '', list = ''] = HEADER.exec(text) ?? [];
  if (seq === undefined) throw wrong(expected, 'its first line is no header');
  if (Number(seq) !== expected.seq) throw wrong(expected, `it says that it is entry ${seq}`);
  if (expected.prev !== undefined && prev !== expected.prev) {
    throw wrong(expected, `it follows "${prev}", but the entry before it is "${expected.prev}"`);
  }
  if (!isTime(time)) throw wrong(expected, `"${time}" is no time`);
  const hashes = list.split(',').map((quoted) => quoted.slice(1, -1));
  if (hashes.length > ENTRY_LIMITS.ops) throw wrong(expected, `it has ${hashes.length} operations`);
  if (hashes.some((hash) => hash.length !== 64)) throw wrong(expected, 'its list of operations is malformed');
  if (new Set(hashes).size !== hashes.length) throw wrong(expected, 'it has an operation twice');
  return { seq: expected.seq, prev, nonce, writer, time, hashes };
}

/** Every line must be the next of the header's hashes, or one after it: what lies between was left out. */
function readOps(opLines: readonly Uint8Array[], hashes: readonly string[], expected: ExpectedEntry): EntryOp[] {
  const ops: EntryOp[] = hashes.map((hash, index) => ({ index, hash, op: undefined }));
  let next = 0;
  for (const line of opLines) {
    const hash = sha256(line);
    const index = hashes.indexOf(hash, next);
    if (index < 0) throw wrong(expected, `it has a line with the hash "${hash}", which its header does not name there`);
    ops[index] = { index, hash, op: readOp(line, expected) };
    next = index + 1;
  }
  return ops;
}

function readOp(line: Uint8Array, expected: ExpectedEntry): Op {
  if (line.length > ENTRY_LIMITS.opLineSizeBytes) throw wrong(expected, `an operation has ${line.length} bytes`);
  const value = parseJson(utf8(line, expected));
  if (!isOp(value)) throw wrong(expected, 'a line is no operation');
  return value;
}

function isOp(value: unknown): value is Op {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { type, salt, by, auth } = value as Readonly<Record<string, unknown>>;
  return (
    matches(type, /^[a-z][a-z0-9-]{0,31}$/) &&
    matches(salt, /^[0-9a-f]{32}$/) &&
    matches(by, /^[a-z0-9_-]{1,64}$/) &&
    Number.isSafeInteger(auth) &&
    Number(auth) >= 0
  );
}

function checkRules(entry: Entry, expected: ExpectedEntry): void {
  for (const { op } of entry.ops) {
    const rules = op === undefined ? undefined : rulesOf(op);
    if (op === undefined || rules === undefined || rules <= RULES) continue;
    const needs = matches(op['needs'], /^[0-9A-Za-z.+-]{1,64}$/) ? `, which ebpm-registry ${op['needs']} has` : '';
    throw tooNew(
      expected.log,
      expected.seq,
      `it puts rules ${rules} in force${needs}, and this version has rules ${RULES}`,
    );
  }
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}

function isTime(time: string): boolean {
  const ms = Date.parse(time);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === time;
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Uint8Array, expected: ExpectedEntry): string {
  try {
    return UTF_8.decode(bytes);
  } catch (error) {
    throw wrong(expected, 'it is not UTF-8', error);
  }
}

function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

function wrong({ log, seq }: ExpectedEntry, reason: string, cause?: unknown): EbpmError {
  return unsound(log, seq, reason, cause);
}
