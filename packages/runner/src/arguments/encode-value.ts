import { EbpmError } from '@ebpm/formats';
import type { ProgramOption } from './program-option.js';
import type { ValueKind } from './value-kind.js';

/**
 * The bytes of a value as its variable stores them, little-endian.
 *
 * @param value as typed, or as a package's default
 * @throws EBPM_ARGUMENT_INVALID when the variable cannot hold it
 */
export function encodeValue(option: ProgramOption, value: string | number | boolean): Uint8Array {
  const { kind } = option;
  switch (kind.kind) {
    case 'bool':
      return Uint8Array.of(boolean(option, value) ? 1 : 0);
    case 'int':
      return integer(option, kind, String(value));
    case 'float':
      return float(option, kind, String(value));
    case 'string':
      return text(option, kind, String(value));
  }
}

function boolean(option: ProgramOption, value: string | number | boolean): boolean {
  const word = String(value);
  if (word === 'true' || word === '1') return true;
  if (word === 'false' || word === '0') return false;
  throw invalid(option, word, '"true" or "false"');
}

function integer(option: ProgramOption, kind: ValueKind & { kind: 'int' }, word: string): Uint8Array {
  if (!/^[+-]?\d+$/.test(word)) throw invalid(option, word, 'a decimal number');
  const value = BigInt(word.replace(/^\+/, ''));
  const bits = BigInt(kind.sizeBytes * 8);
  const least = kind.signed ? -(1n << (bits - 1n)) : 0n;
  const most = (1n << (kind.signed ? bits - 1n : bits)) - 1n;
  if (value < least || value > most) throw invalid(option, word, `a number from ${least} to ${most}`);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt.asIntN(64, value), true);
  return bytes.slice(0, kind.sizeBytes);
}

function float(option: ProgramOption, kind: ValueKind & { kind: 'float' }, word: string): Uint8Array {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) throw invalid(option, word, 'a number such as "0.5"');
  const bytes = new Uint8Array(kind.sizeBytes);
  const view = new DataView(bytes.buffer);
  if (kind.sizeBytes === 4) view.setFloat32(0, Number(word), true);
  else view.setFloat64(0, Number(word), true);
  return bytes;
}

function text(option: ProgramOption, kind: ValueKind & { kind: 'string' }, word: string): Uint8Array {
  const bytes = new TextEncoder().encode(word);
  const room = kind.sizeBytes - 1;
  if (bytes.length > room) throw invalid(option, word, `at most ${room} bytes`);
  const padded = new Uint8Array(kind.sizeBytes);
  padded.set(bytes);
  return padded;
}

function invalid(option: ProgramOption, word: string, wanted: string): EbpmError {
  const name = option.names[0]?.long ?? option.variable;
  return new EbpmError(
    'EBPM_ARGUMENT_INVALID',
    `Cannot set "--${name}" (${option.typeName}) to "${word}": it takes ${wanted}`,
  );
}
