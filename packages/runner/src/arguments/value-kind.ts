import type { Btf, BtfEnumValue } from '@ebpm/object';
import { MAX_VARIABLE_BYTES } from '../limits.js';

/** What one value can be, as far as a command line can say it. */
export type ScalarKind =
  | { readonly kind: 'bool'; readonly sizeBytes: number }
  | { readonly kind: 'int'; readonly sizeBytes: number; readonly signed: boolean }
  | {
      readonly kind: 'enum';
      readonly sizeBytes: number;
      readonly signed: boolean;
      readonly values: readonly BtfEnumValue[];
    }
  | { readonly kind: 'float'; readonly sizeBytes: 4 | 8 }
  /** An array of `char`, which ends with NUL. */
  | { readonly kind: 'string'; readonly sizeBytes: number };

/** What a variable can hold: a value, or an array of values of one kind. */
export type ValueKind =
  | ScalarKind
  | { readonly kind: 'list'; readonly sizeBytes: number; readonly length: number; readonly element: ScalarKind };

/**
 * The kind of a BTF type, through typedefs and qualifiers; undefined for types that cannot be typed in (pointers, structs,
 * unions, arrays of arrays of numbers) and for what is larger than 64 KiB.
 */
export function valueKind(btf: Btf, typeId: number): ValueKind | undefined {
  const type = btf.resolve(typeId);
  if (type.kind !== 'array') return scalarKind(btf, typeId);
  const text = scalarKind(btf, typeId);
  if (text !== undefined) return text;
  const element = scalarKind(btf, type.elementTypeId);
  const sizeBytes = (element?.sizeBytes ?? 0) * type.length;
  if (element === undefined || sizeBytes === 0 || sizeBytes > MAX_VARIABLE_BYTES) return undefined;
  return { kind: 'list', sizeBytes, length: type.length, element };
}

function scalarKind(btf: Btf, typeId: number): ScalarKind | undefined {
  const type = btf.resolve(typeId);
  switch (type.kind) {
    case 'int':
      if (type.bool) return { kind: 'bool', sizeBytes: type.sizeBytes };
      return { kind: 'int', sizeBytes: type.sizeBytes, signed: type.signed };
    case 'enum':
      // Compilers without ENUM64 write only the lower half of each value of a wide enum: its names would mislead.
      if (type.sizeBytes > 4) return { kind: 'int', sizeBytes: type.sizeBytes, signed: type.signed };
      return { kind: 'enum', sizeBytes: type.sizeBytes, signed: type.signed, values: type.values };
    case 'enum64':
      return { kind: 'enum', sizeBytes: type.sizeBytes, signed: type.signed, values: type.values };
    case 'float':
      return type.sizeBytes === 4 || type.sizeBytes === 8 ? { kind: 'float', sizeBytes: type.sizeBytes } : undefined;
    case 'array': {
      const element = btf.resolve(type.elementTypeId);
      const isText = element.kind === 'int' && element.sizeBytes === 1 && (element.char || element.name === 'char');
      const fits = type.length > 0 && type.length <= MAX_VARIABLE_BYTES;
      return isText && fits ? { kind: 'string', sizeBytes: type.length } : undefined;
    }
    default:
      return undefined;
  }
}
