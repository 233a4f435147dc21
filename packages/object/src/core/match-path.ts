import type { Btf } from '../btf.js';
import type { BtfMember } from '../btf-type.js';
import { CORE_ACCESS_MAX_PARTS } from '../limits.js';
import { type AccessPath, type AccessStep, elementBits, isFlexible } from './access-path.js';
import type { CoreMissCode } from './core-miss.js';
import { fieldsCompatible } from './types-compatible.js';

/** Takes a number of steps from what is left for an object. */
export type SpendSteps = (steps: number) => void;

/** How far a way could be gone in another type, and what stood against it. */
export interface PathMismatch {
  readonly code: Extract<CoreMissCode, 'no_field' | 'field_type' | 'beyond_array' | 'too_deep' | 'unmeasurable'>;
  /** The index of the step that cannot be made. */
  readonly step: number;
  readonly wanted?: string;
  readonly found?: string;
}

/** Whether it is the whole object that libbpf gives up for a mismatch, and not only this candidate. */
export function isFatal({ code }: PathMismatch): boolean {
  return code === 'too_deep' || code === 'unmeasurable';
}

/**
 * Goes a way through the object's types in another type: members by name, wherever they stand and in whatever anonymous structs and
 * unions, elements by index.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.c (bpf_core_spec_match)
 */
export function matchPath(
  path: AccessPath,
  target: { readonly btf: Btf; readonly typeId: number },
  spend: SpendSteps,
): AccessPath | PathMismatch {
  return new PathMatch(path, target.btf, spend).go(target.typeId);
}

class PathMatch {
  readonly #own: AccessPath;
  readonly #target: Btf;
  readonly #spend: SpendSteps;
  readonly #steps: AccessStep[] = [];
  /** Members and elements passed, anonymous ones too, of which libbpf keeps 64. */
  #parts = 0;
  #offsetBits = 0;
  /** Where the way goes on. */
  #next = 0;

  constructor(own: AccessPath, target: Btf, spend: SpendSteps) {
    this.#own = own;
    this.#target = target;
    this.#spend = spend;
  }

  go(typeId: number): AccessPath | PathMismatch {
    this.#next = typeId;
    for (const [position, step] of this.#own.steps.entries()) {
      const mismatch = step.name === undefined ? this.#element(step, position) : this.#member(step, position);
      if (mismatch !== undefined) return { ...mismatch, step: position };
    }
    return { btf: this.#target, steps: this.#steps, offsetBits: this.#offsetBits >>> 0 };
  }

  #element({ index }: AccessStep, position: number): Mismatch | undefined {
    let type = this.#target.resolve(this.#next);
    if (position > 0) {
      if (type.kind !== 'array') return { code: 'no_field' };
      if (index >= type.length && !isFlexible(this.#target, this.#steps.at(-1), type.length)) {
        return { code: 'beyond_array', wanted: `${index}`, found: `${type.length}` };
      }
      type = this.#target.resolve(type.elementTypeId);
    }
    if (this.#parts === CORE_ACCESS_MAX_PARTS) return { code: 'too_deep' };
    this.#parts++;
    this.#next = type.id;
    this.#steps.push({ typeId: type.id, index, name: undefined });
    const size = this.#target.hasSize(type.id) ? this.#target.sizeOf(type.id) : undefined;
    if (size === undefined || size > MAX_INT) return { code: 'unmeasurable' };
    this.#offsetBits += elementBits(index, size);
    return undefined;
  }

  #member(step: AccessStep, position: number): Mismatch | undefined {
    const struct = this.#own.btf.type(step.typeId);
    const member = struct.kind === 'struct' || struct.kind === 'union' ? struct.members[step.index] : undefined;
    if (member === undefined) throw new TypeError(`step ${position} is none of these types`);
    const found = this.#search(member, this.#next);
    if (found === 'found') return undefined;
    return found ?? { code: 'no_field' };
  }

  /** Looks for a member; what is passed in vain is given back, but in a struct that has one of another type, as libbpf leaves it. */
  #search(own: BtfMember, typeId: number): Mismatch | 'found' | undefined {
    const type = this.#target.resolve(typeId);
    if (type.kind !== 'struct' && type.kind !== 'union') return undefined;
    this.#spend(1);
    let mismatch: Mismatch | undefined;
    for (const [index, member] of type.members.entries()) {
      this.#spend(1);
      if (this.#parts === CORE_ACCESS_MAX_PARTS) return { code: 'too_deep' };
      this.#offsetBits += member.offsetBits;
      this.#parts++;
      if (member.name === '') {
        const found = this.#search(own, member.typeId);
        if (found === 'found' || found?.code === 'too_deep') return found;
        mismatch ??= found;
      } else if (member.name === own.name) {
        this.#next = member.typeId;
        const { btf } = this.#own;
        if (!fieldsCompatible(btf, own.typeId, this.#target, member.typeId)) {
          return { code: 'field_type', wanted: btf.nameOf(own.typeId), found: this.#target.nameOf(member.typeId) };
        }
        this.#steps.push({ typeId: type.id, index, name: member.name });
        return 'found';
      }
      this.#offsetBits -= member.offsetBits;
      this.#parts--;
    }
    return mismatch;
  }
}

type Mismatch = Omit<PathMismatch, 'step'>;

const MAX_INT = 0x7fff_ffff;
