/**
 * The types that an event's fields can have, with everything that decoding needs: no BTF ids, no typedefs, nothing left to look up.
 * All numbers are little-endian: an object of the other byte order is refused before it comes here.
 */
export type ValueType =
  | IntType
  | BoolType
  | PointerType
  | FloatType
  | EnumType
  | BitfieldType
  | StringType
  | ArrayType
  | CompositeType;

/** An integer, a lone `char` among them. */
export interface IntType {
  readonly kind: 'int';
  readonly sizeBytes: 1 | 2 | 4 | 8 | 16;
  readonly signed: boolean;
}

export interface BoolType {
  readonly kind: 'bool';
  readonly sizeBytes: 1;
}

/** An address; pointers of BPF programs have 64 bits on every machine. */
export interface PointerType {
  readonly kind: 'pointer';
  readonly sizeBytes: 8;
}

/** IEEE 754 single or double precision. */
export interface FloatType {
  readonly kind: 'float';
  readonly sizeBytes: 4 | 8;
}

export interface EnumType {
  readonly kind: 'enum';
  readonly sizeBytes: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  /** The name of each value; the first of several. */
  readonly names: ReadonlyMap<bigint, string>;
}

/** Some bits of one to seventeen bytes. `sizeBytes` counts the bytes that are touched. */
export interface BitfieldType {
  readonly kind: 'bitfield';
  readonly sizeBytes: number;
  /** Position of the lowest bit in the first byte: 0 to 7. */
  readonly shiftBits: number;
  readonly bits: number;
  /** What the bits mean. */
  readonly of: IntType | BoolType | EnumType;
}

/** An array of `char`: text up to the first NUL, or to its end where there is none. */
export interface StringType {
  readonly kind: 'string';
  readonly sizeBytes: number;
  /** It goes on to the end of the record: a flexible array, of which `sizeBytes` counts nothing. */
  readonly flexible?: true;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly sizeBytes: number;
  readonly element: ValueType;
  /** 0 for a flexible array. */
  readonly length: number;
  /** It goes on to the end of the record. */
  readonly flexible?: true;
}

export interface CompositeType {
  readonly kind: 'struct' | 'union';
  readonly sizeBytes: number;
  readonly fields: readonly RecordField[];
}

/** A named value inside an event or inside a struct of it. */
export interface RecordField {
  readonly name: string;
  /** From the start of the struct that holds the field. */
  readonly offsetBytes: number;
  /** C text of the type as it was declared, typedef names kept: `pid_t`, `char[16]`. */
  readonly typeName: string;
  readonly type: ValueType;
}
