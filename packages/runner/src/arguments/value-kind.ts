import type { Btf } from '@ebpm/object';

/** What a variable can hold, as far as a command line can say it. */
export type ValueKind =
  | { readonly kind: 'bool' }
  | { readonly kind: 'int'; readonly sizeBytes: 1 | 2 | 4 | 8; readonly signed: boolean }
  | { readonly kind: 'float'; readonly sizeBytes: 4 | 8 }
  | { readonly kind: 'string'; readonly sizeBytes: number };

/** The kind of a BTF type, through typedefs and qualifiers; undefined for types that cannot be typed in. */
export function valueKind(btf: Btf, typeId: number): ValueKind | undefined {
  const type = btf.resolve(typeId);
  switch (type.kind) {
    case 'int':
      if (type.bool) return { kind: 'bool' };
      return integer(type.sizeBytes, type.signed);
    case 'enum':
    case 'enum64':
      return integer(type.sizeBytes, type.signed);
    case 'float':
      return type.sizeBytes === 4 || type.sizeBytes === 8 ? { kind: 'float', sizeBytes: type.sizeBytes } : undefined;
    case 'array': {
      const element = btf.resolve(type.elementTypeId);
      const isText = element.kind === 'int' && element.sizeBytes === 1 && !element.bool;
      return isText && type.length > 0 ? { kind: 'string', sizeBytes: type.length } : undefined;
    }
    default:
      return undefined;
  }
}

function integer(sizeBytes: number, signed: boolean): ValueKind | undefined {
  if (sizeBytes !== 1 && sizeBytes !== 2 && sizeBytes !== 4 && sizeBytes !== 8) return undefined;
  return { kind: 'int', sizeBytes, signed };
}
