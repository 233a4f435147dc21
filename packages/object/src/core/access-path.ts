import type { CoreRelocation } from '../bpf-object.js';
import type { Btf } from '../btf.js';
import { essentialName } from '../essential-name.js';

/** A turn on the way to a field: a member that has a name, or an element. Anonymous structs and unions are no turns. */
export interface AccessStep {
  /** The struct or union of a member, the type of an element; typedefs and the like are passed. */
  readonly typeId: number;
  readonly index: number;
  /** Of a member. */
  readonly name: string | undefined;
}

/**
 * The way from a type to a field: of `0:1:2:3`, where the second member is an anonymous struct with an array as third,
 *
 *     [0] of the type itself   .a   [3]
 *
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.c (bpf_core_parse_spec)
 */
export interface AccessPath {
  readonly btf: Btf;
  readonly steps: readonly AccessStep[];
  /** From the start of the type, modulo 2^32. */
  readonly offsetBits: number;
}

/** The way of a relocation through the object's own types, which `readObject` has gone before. */
export function ownPath(btf: Btf, { typeId, access }: CoreRelocation): AccessPath {
  const [first = 0, ...rest] = access;
  const root = btf.resolve(typeId).id;
  const steps: AccessStep[] = [{ typeId: root, index: first, name: undefined }];
  let offsetBits = elementBits(first, btf.sizeOf(root));
  let id = root;
  for (const index of rest) {
    const type = btf.resolve(id);
    if (type.kind === 'array') {
      id = btf.resolve(type.elementTypeId).id;
      steps.push({ typeId: id, index, name: undefined });
      offsetBits += elementBits(index, btf.sizeOf(id));
    } else if (type.kind === 'struct' || type.kind === 'union') {
      const member = type.members[index];
      if (member === undefined) throw new TypeError('the relocation is not of this object');
      if (member.name !== '') steps.push({ typeId: type.id, index, name: member.name });
      offsetBits += member.offsetBits;
      id = member.typeId;
    }
  }
  return { btf, steps, offsetBits: offsetBits >>> 0 };
}

/** Bits before an element, modulo 2^32, as C counts. */
export function elementBits(index: number, sizeBytes: number): number {
  return Math.imul(Math.imul(index, sizeBytes), 8) >>> 0;
}

/** Whether an array, reached by a step, is the last member of its struct and has no length of its own. */
export function isFlexible(btf: Btf, reached: AccessStep | undefined, length: number): boolean {
  if (reached?.name === undefined || length > 0) return false;
  const type = btf.type(reached.typeId);
  return (type.kind === 'struct' || type.kind === 'union') && reached.index === type.members.length - 1;
}

/** A way as a programmer would write it, up to a step: `task_struct.comm[3]`. */
export function pathText(rootName: string, steps: readonly AccessStep[], count = steps.length): string {
  const texts = steps.slice(0, count).map(({ name, index }, position) => {
    if (name !== undefined) return `.${name}`;
    return position > 0 || index > 0 ? `[${index}]` : '';
  });
  return essentialName(rootName) + texts.join('');
}
