/**
 * The kinds of BTF types, as names of the kernel's BTF_KIND_* numbers (the index is the number).
 * @see https://docs.kernel.org/bpf/btf.html
 */
export const BTF_KINDS = [
  'void',
  'int',
  'ptr',
  'array',
  'struct',
  'union',
  'enum',
  'fwd',
  'typedef',
  'volatile',
  'const',
  'restrict',
  'func',
  'func_proto',
  'var',
  'datasec',
  'float',
  'decl_tag',
  'type_tag',
  'enum64',
] as const;

/** The name of a BTF kind. */
export type BtfKind = (typeof BTF_KINDS)[number];

interface Common<Kind extends BtfKind> {
  /** Position in the type section; 0 is void. */
  readonly id: number;
  readonly kind: Kind;
  /** Empty for anonymous types. */
  readonly name: string;
}

export interface BtfVoid extends Common<'void'> {}

export interface BtfInt extends Common<'int'> {
  readonly sizeBytes: number;
  /** Where the value starts inside its storage; 0 in everything that current compilers emit. */
  readonly offsetBits: number;
  readonly bits: number;
  readonly signed: boolean;
  readonly char: boolean;
  readonly bool: boolean;
}

export interface BtfArray extends Common<'array'> {
  readonly elementTypeId: number;
  readonly indexTypeId: number;
  readonly length: number;
}

export interface BtfMember {
  readonly name: string;
  readonly typeId: number;
  readonly offsetBits: number;
  /** Width of a bitfield; 0 for an ordinary member. */
  readonly bitfieldBits: number;
}

export interface BtfComposite extends Common<'struct' | 'union'> {
  readonly sizeBytes: number;
  readonly members: readonly BtfMember[];
}

export interface BtfEnumValue {
  readonly name: string;
  readonly value: bigint;
}

export interface BtfEnum extends Common<'enum' | 'enum64'> {
  readonly sizeBytes: number;
  readonly signed: boolean;
  readonly values: readonly BtfEnumValue[];
}

export interface BtfFwd extends Common<'fwd'> {
  readonly union: boolean;
}

/** Kinds that only point to another type. */
export interface BtfReference extends Common<'ptr' | 'typedef' | 'volatile' | 'const' | 'restrict' | 'type_tag'> {
  readonly typeId: number;
}

export interface BtfFunc extends Common<'func'> {
  /** Id of the func_proto. */
  readonly typeId: number;
  readonly linkage: BtfLinkage;
}

export interface BtfParam {
  readonly name: string;
  readonly typeId: number;
}

export interface BtfFuncProto extends Common<'func_proto'> {
  readonly returnTypeId: number;
  /** A last parameter with type 0 and no name stands for `...`. */
  readonly params: readonly BtfParam[];
}

export type BtfLinkage = 'static' | 'global' | 'extern';

export interface BtfVar extends Common<'var'> {
  readonly typeId: number;
  readonly linkage: BtfLinkage;
}

export interface BtfSectionVariable {
  /** Id of a `var`, or of a `func` for .ksyms. */
  readonly typeId: number;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export interface BtfDatasec extends Common<'datasec'> {
  readonly sizeBytes: number;
  readonly variables: readonly BtfSectionVariable[];
}

export interface BtfFloat extends Common<'float'> {
  readonly sizeBytes: number;
}

export interface BtfDeclTag extends Common<'decl_tag'> {
  readonly typeId: number;
  /** Member or parameter that is tagged; -1 for the type itself. */
  readonly componentIndex: number;
}

/** One BTF type. */
export type BtfType =
  | BtfVoid
  | BtfInt
  | BtfArray
  | BtfComposite
  | BtfEnum
  | BtfFwd
  | BtfReference
  | BtfFunc
  | BtfFuncProto
  | BtfVar
  | BtfDatasec
  | BtfFloat
  | BtfDeclTag;
