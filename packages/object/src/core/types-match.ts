import type { BtfComposite, BtfEnum, BtfFuncProto, BtfFwd, BtfType } from '../btf-type.js';
import { essentialName } from '../essential-name.js';
import { CORE_MAX_DEPTH, TooDeep, type TypeOf } from './types-compatible.js';

/**
 * Whether a type has all that the object's has, for `bpf_core_type_matches`: every member, by name and type; every value, by name;
 * integers of the same size and sign. Behind a pointer, structs match by name alone.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.c (__bpf_core_types_match)
 * @throws TooDeep
 */
export function typesMatch(own: TypeOf, target: TypeOf, behindPointer = false, level = CORE_MAX_DEPTH): boolean {
  if (level <= 0) throw new TooDeep();
  let isBehind = behindPointer;
  let [ownId, targetId] = [own.id, target.id];
  for (let depth = 0; depth < CORE_MAX_DEPTH; depth++) {
    own.spend(1);
    const ownType = own.btf.resolve(ownId);
    const targetType = target.btf.resolve(targetId);
    if (!namesMatch(ownType.name, targetType.name)) return false;
    if (ownType.kind === 'ptr') {
      if (targetType.kind !== 'ptr') return false;
      isBehind = true;
      [ownId, targetId] = [ownType.typeId, targetType.typeId];
    } else if (ownType.kind === 'array') {
      if (targetType.kind !== 'array' || ownType.length !== targetType.length) return false;
      [ownId, targetId] = [ownType.elementTypeId, targetType.elementTypeId];
    } else if (ownType.kind === 'func_proto') {
      if (targetType.kind !== 'func_proto') return false;
      const isSame = parametersMatch(own, ownType.params, target, targetType.params, { isBehind, level });
      if (!isSame) return false;
      [ownId, targetId] = [ownType.returnTypeId, targetType.returnTypeId];
    } else {
      return endsMatch(own, ownType, target, targetType, { isBehind, level });
    }
  }
  throw new TooDeep();
}

interface Surroundings {
  readonly isBehind: boolean;
  readonly level: number;
}

/** Types that refer to no other one by which they would have to be judged alone. */
function endsMatch(own: TypeOf, ownType: BtfType, target: TypeOf, targetType: BtfType, around: Surroundings): boolean {
  switch (ownType.kind) {
    case 'void':
      return targetType.kind === 'void';
    case 'fwd':
      return forwardMatches(ownType, targetType, around.isBehind);
    case 'enum':
    case 'enum64':
      return (targetType.kind === 'enum' || targetType.kind === 'enum64') && enumsMatch(own, ownType, targetType);
    case 'int':
      return (
        targetType.kind === 'int' && ownType.sizeBytes === targetType.sizeBytes && ownType.signed === targetType.signed
      );
    case 'struct':
    case 'union':
      if (ownType.kind !== targetType.kind) {
        const isForward = around.isBehind && targetType.kind === 'fwd';
        return isForward && targetType.union === (ownType.kind === 'union');
      }
      return around.isBehind || membersMatch(own, ownType, target, targetType as BtfComposite, around);
    default:
      return false;
  }
}

function forwardMatches({ union }: BtfFwd, target: BtfType, isBehind: boolean): boolean {
  if (target.kind === 'fwd') return union === target.union;
  return isBehind && target.kind === (union ? 'union' : 'struct');
}

function enumsMatch({ spend }: TypeOf, own: BtfEnum, target: BtfEnum): boolean {
  if (own.sizeBytes !== target.sizeBytes || own.values.length > target.values.length) return false;
  spend(own.values.length + target.values.length);
  const names = new Set(target.values.map(({ name }) => essentialName(name)));
  return own.values.every(({ name }) => names.has(essentialName(name)));
}

function membersMatch(
  own: TypeOf,
  { members: ownMembers }: BtfComposite,
  target: TypeOf,
  { members: targetMembers }: BtfComposite,
  { isBehind, level }: Surroundings,
): boolean {
  if (ownMembers.length > targetMembers.length) return false;
  return ownMembers.every((member) => {
    own.spend(targetMembers.length);
    return targetMembers.some(
      ({ name, typeId }) =>
        namesMatch(member.name, name) &&
        typesMatch({ ...own, id: member.typeId }, { ...target, id: typeId }, isBehind, level - 1),
    );
  });
}

function parametersMatch(
  own: TypeOf,
  ownParams: BtfFuncProto['params'],
  target: TypeOf,
  targetParams: BtfFuncProto['params'],
  { isBehind, level }: Surroundings,
): boolean {
  if (ownParams.length !== targetParams.length) return false;
  return ownParams.every(({ typeId }, position) => {
    const targetId = targetParams[position]?.typeId ?? 0;
    return typesMatch({ ...own, id: typeId }, { ...target, id: targetId }, isBehind, level - 1);
  });
}

/** A type without a name matches only another one. */
function namesMatch(own: string, target: string): boolean {
  return essentialName(own) === essentialName(target);
}
