import { MAX_SHOWN_ELEMENTS } from '../limits.js';
import type { ScalarKind, ValueKind } from './value-kind.js';

/**
 * What a variable is compiled with, as one would type it.
 *
 * @param bytes of the variable; undefined where they are all zero
 */
export function initialText(kind: ValueKind, bytes: Uint8Array | undefined): string {
  if (kind.kind !== 'list') return scalarText(kind, bytes ?? new Uint8Array(kind.sizeBytes));
  const { element, length } = kind;
  const shown = Array.from({ length: Math.min(length, MAX_SHOWN_ELEMENTS) }, (_, index) => {
    const part = bytes?.subarray(index * element.sizeBytes, (index + 1) * element.sizeBytes);
    return scalarText(element, part ?? new Uint8Array(element.sizeBytes));
  });
  return `${shown.join(',')}${length > shown.length ? ',...' : ''}`;
}

function scalarText(kind: ScalarKind, bytes: Uint8Array): string {
  switch (kind.kind) {
    case 'bool':
      return String(bytes.some((byte) => byte !== 0));
    case 'int':
      return String(integerOf(bytes, kind.signed));
    case 'enum': {
      const value = integerOf(bytes, kind.signed);
      return kind.values.find((candidate) => candidate.value === value)?.name ?? String(value);
    }
    case 'float': {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      return kind.sizeBytes === 8 ? String(view.getFloat64(0, true)) : shortest(view.getFloat32(0, true));
    }
    case 'string': {
      const end = bytes.indexOf(0);
      return JSON.stringify(new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end)));
    }
  }
}

function integerOf(bytes: Uint8Array, signed: boolean): bigint {
  const value = bytes.reduceRight((rest, byte) => (rest << 8n) | BigInt(byte), 0n);
  return signed ? BigInt.asIntN(bytes.length * 8, value) : value;
}

/** The shortest decimal that the same 4 bytes come of: 0.1, not 0.10000000149011612. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}
