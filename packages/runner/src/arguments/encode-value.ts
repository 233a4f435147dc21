import { EbpmError } from '@ebpm/formats';
import type { BtfEnumValue } from '@ebpm/object';
import { MAX_SHOWN_NAMES } from '../limits.js';
import { numberText, timeUnitOf } from './number-text.js';
import type { OptionValue, ProgramOption } from './program-option.js';
import type { ScalarKind, ValueKind } from './value-kind.js';

/**
 * The bytes of a value as its variable stores them, little-endian.
 *
 * @param value as typed, or as a package's default
 * @throws EBPM_ARGUMENT_INVALID when the variable cannot hold it
 */
export function encodeValue(option: ProgramOption, value: OptionValue): Uint8Array {
  const { kind } = option;
  if (kind.kind === 'list') return list(option, kind, value);
  if (typeof value === 'object') throw invalid(option, value, 'one value');
  return ENCODERS[kind.kind](option, kind as never, value);
}

type Value = boolean | number | string;

type Encoders = {
  readonly [Kind in ScalarKind['kind']]: (
    option: ProgramOption,
    kind: Extract<ScalarKind, { kind: Kind }>,
    value: Value,
  ) => Uint8Array;
};

const ENCODERS: Encoders = {
  bool(option, { sizeBytes }, value) {
    const word = String(value);
    if (word === 'true' || word === '1') return littleEndian(1n, sizeBytes);
    if (word === 'false' || word === '0') return littleEndian(0n, sizeBytes);
    throw invalid(option, word, '"true" or "false"');
  },
  int(option, { sizeBytes, signed }, value) {
    // Packages write a flag that is no bool in C as true or false all the same.
    if (typeof value === 'boolean') return littleEndian(value ? 1n : 0n, sizeBytes);
    return littleEndian(integer(option, { sizeBytes, signed }, String(value)), sizeBytes);
  },
  enum(option, { sizeBytes, values }, value) {
    const word = String(value);
    const named = values.find(({ name }) => name === word);
    if (named !== undefined) return littleEndian(named.value, sizeBytes);
    if (!/^[+-]?\d/.test(word)) throw invalid(option, word, nameList(values));
    // Compilers before kind_flag say of no enum that it is signed.
    return littleEndian(integer(option, { sizeBytes, signed: 'unknown' }, word), sizeBytes);
  },
  float(option, { sizeBytes }, value) {
    const number = decimal(option, String(value));
    const bytes = new Uint8Array(sizeBytes);
    const view = new DataView(bytes.buffer);
    if (sizeBytes === 8) view.setFloat64(0, number, true);
    else view.setFloat32(0, number, true);
    const stored = sizeBytes === 8 ? view.getFloat64(0, true) : view.getFloat32(0, true);
    if (!Number.isFinite(stored)) throw invalid(option, value, `a number that ${sizeBytes} bytes can hold`);
    return bytes;
  },
  string(option, { sizeBytes }, value) {
    const word = String(value);
    const bytes = new TextEncoder().encode(word);
    if (bytes.length > sizeBytes - 1) throw invalid(option, word, `at most ${sizeBytes - 1} bytes`);
    if (bytes.includes(0)) throw invalid(option, word, 'a text without NUL');
    const padded = new Uint8Array(sizeBytes);
    padded.set(bytes);
    return padded;
  },
};

/** Elements that are not given are zero, as in C. */
function list(option: ProgramOption, kind: Extract<ValueKind, { kind: 'list' }>, value: OptionValue): Uint8Array {
  const { length, element, sizeBytes } = kind;
  const items: readonly Value[] = typeof value === 'object' ? value : value === '' ? [] : String(value).split(',');
  if (items.length > length) throw invalid(option, value, `at most ${length} values, separated by commas`);
  const bytes = new Uint8Array(sizeBytes);
  items.forEach((item, index) => {
    const one = { ...option, kind: element };
    const text = typeof item === 'string' && element.kind !== 'string' ? item.trim() : item;
    bytes.set(encodeValue(one, text), index * element.sizeBytes);
  });
  return bytes;
}

interface IntegerRange {
  readonly sizeBytes: number;
  readonly signed: boolean | 'unknown';
}

function integer(option: ProgramOption, { sizeBytes, signed }: IntegerRange, word: string): bigint {
  const unit = timeUnitOf(option.variable);
  const number = numberText(word, unit);
  if (!number.ok) throw invalid(option, word, number.wanted);
  if (number.numerator % number.denominator !== 0n) {
    throw invalid(option, word, `a whole number${unit === undefined ? '' : ` of ${unit.name}`}`);
  }
  const value = number.numerator / number.denominator;
  const bits = BigInt(sizeBytes * 8);
  const least = signed === false ? 0n : -(1n << (bits - 1n));
  const most = (1n << (signed === true ? bits - 1n : bits)) - 1n;
  if (value < least || value > most) throw invalid(option, word, `a number from ${least} to ${most}`);
  return value;
}

/** With an exponent it is a number by itself; a suffix is read as for integers. */
function decimal(option: ProgramOption, word: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) return Number(word);
  const number = numberText(word, timeUnitOf(option.variable));
  if (!number.ok) throw invalid(option, word, number.wanted.replace('"10"', '"0.5"'));
  return Number(number.numerator) / Number(number.denominator);
}

/** The lowest bytes of a number in two's complement. */
function littleEndian(value: bigint, sizeBytes: number): Uint8Array {
  let rest = BigInt.asUintN(sizeBytes * 8, value);
  return Uint8Array.from({ length: sizeBytes }, () => {
    const byte = Number(rest & 0xffn);
    rest >>= 8n;
    return byte;
  });
}

/** The names of an enum in one line, not all of a long one. */
export function nameList(values: readonly BtfEnumValue[]): string {
  const names = values.slice(0, MAX_SHOWN_NAMES).map(({ name }) => name);
  return `one of ${names.join(', ')}${values.length > names.length ? ', ...' : ''}, or a number`;
}

function invalid(option: ProgramOption, value: OptionValue, wanted: string): EbpmError {
  const name = option.names[0]?.long ?? option.variable;
  return new EbpmError(
    'EBPM_ARGUMENT_INVALID',
    `Cannot set "--${name}" (${option.typeName}) to "${value}": it takes ${wanted}`,
  );
}
