import type { Btf } from '../btf.js';
import type { BtfFuncProto, BtfKind } from '../btf-type.js';
import { essentialName } from '../essential-name.js';

/** How deep libbpf follows types. */
export const CORE_MAX_DEPTH = 32;

/** Types lie in one another deeper than libbpf follows them, for which it gives up the object. */
export class TooDeep extends Error {}

/** Whether kinds are the same; enums of 32 and of 64 bits are. */
export function sameKind(left: BtfKind, right: BtfKind): boolean {
  return left === right || (isEnum(left) && isEnum(right));
}

/**
 * Whether a field of one type can be read as one of another: any two structs or unions, any two pointers, any two integers.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.c (bpf_core_fields_are_compat)
 */
export function fieldsCompatible(ownBtf: Btf, ownId: number, targetBtf: Btf, targetId: number): boolean {
  let own = ownBtf.resolve(ownId);
  let target = targetBtf.resolve(targetId);
  while (own.kind === 'array' && target.kind === 'array') {
    own = ownBtf.resolve(own.elementTypeId);
    target = targetBtf.resolve(target.elementTypeId);
  }
  if (isComposite(own.kind) && isComposite(target.kind)) return true;
  if (!sameKind(own.kind, target.kind)) return false;
  switch (own.kind) {
    case 'ptr':
    case 'float':
      return true;
    case 'fwd':
    case 'enum':
    case 'enum64':
      return own.name === '' || target.name === '' || essentialName(own.name) === essentialName(target.name);
    case 'int':
      return own.offsetBits === 0 && target.kind === 'int' && target.offsetBits === 0;
    default:
      return false;
  }
}

/**
 * Whether types of the same name are the same to `bpf_core_type_exists` and its like: structs to structs, however they differ inside;
 * pointers, arrays and functions by what they are made of.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.c (__bpf_core_types_are_compat)
 * @throws TooDeep
 */
export function typesCompatible(own: TypeOf, target: TypeOf, level = CORE_MAX_DEPTH): boolean {
  if (!sameKind(own.btf.type(own.id).kind, target.btf.type(target.id).kind)) return false;
  let [ownId, targetId] = [own.id, target.id];
  for (let depth = 0; depth < CORE_MAX_DEPTH; depth++) {
    own.spend(1);
    const ownType = own.btf.resolve(ownId);
    const targetType = target.btf.resolve(targetId);
    if (!sameKind(ownType.kind, targetType.kind)) return false;
    if (ownType.kind === 'int' && targetType.kind === 'int') {
      return ownType.offsetBits === 0 && targetType.offsetBits === 0;
    } else if (ownType.kind === 'ptr' && targetType.kind === 'ptr') {
      [ownId, targetId] = [ownType.typeId, targetType.typeId];
    } else if (ownType.kind === 'array' && targetType.kind === 'array') {
      [ownId, targetId] = [ownType.elementTypeId, targetType.elementTypeId];
    } else if (ownType.kind === 'func_proto' && targetType.kind === 'func_proto') {
      if (!parametersCompatible(own, ownType, target, targetType, level)) return false;
      [ownId, targetId] = [ownType.returnTypeId, targetType.returnTypeId];
    } else {
      return ALIKE_BY_KIND.has(ownType.kind);
    }
  }
  throw new TooDeep();
}

/** A type, where it stands, and who pays for looking at it. */
export interface TypeOf {
  readonly btf: Btf;
  readonly id: number;
  readonly spend: (steps: number) => void;
}

function parametersCompatible(
  own: TypeOf,
  { params: ownParams }: BtfFuncProto,
  target: TypeOf,
  { params: targetParams }: BtfFuncProto,
  level: number,
): boolean {
  if (ownParams.length !== targetParams.length) return false;
  return ownParams.every((param, position) => {
    if (level <= 0) throw new TooDeep();
    const ownId = own.btf.resolve(param.typeId).id;
    const targetId = target.btf.resolve(targetParams[position]?.typeId ?? 0).id;
    return typesCompatible({ ...own, id: ownId }, { ...target, id: targetId }, level - 1);
  });
}

const ALIKE_BY_KIND: ReadonlySet<BtfKind> = new Set(['void', 'struct', 'union', 'enum', 'enum64', 'fwd']);

function isComposite(kind: BtfKind): boolean {
  return kind === 'struct' || kind === 'union';
}

function isEnum(kind: BtfKind): boolean {
  return kind === 'enum' || kind === 'enum64';
}
