/** What libbpf can have against a relocation, or rather the kernel's types and the instruction. */
export const CORE_MISS_CODES = [
  'no_type', // no type of that kind and name
  'no_field', // no member, or an array that is none
  'field_type', // a member of that name, of another type
  'beyond_array', // an element beyond the array
  'no_value', // no value of that name in the enum
  'other_size', // a number whose size or sign differs is read or written directly
  'ambiguous', // several types of that name, which do not agree
  'unnamed', // a type without a name, for which libbpf does not look
  'unmeasurable', // a type without a size, or a bitfield that no 64 bits hold
  'array_element', // an element of an array is asked for what only members have
  'too_deep', // types that lie in one another deeper than libbpf follows
  'instruction', // an instruction that libbpf does not change, or that does not hold what is expected
  'too_far', // an offset that the instruction has no room for
] as const;

/** Why a relocation comes to nothing. */
export type CoreMissCode = (typeof CORE_MISS_CODES)[number];

/** Why a relocation comes to nothing, with what it is about. */
export interface CoreMiss {
  readonly code: CoreMissCode;
  /** The type, field or value as the object names it, without flavour: `struct sock`, `task_struct.se.vruntime`, `bpf_func_id.BPF_FUNC_loop`. */
  readonly subject: string;
  /** What the object has, where that differs from what there is: a type, a size, a length, a value. */
  readonly wanted?: string;
  readonly found?: string;
}

/** Ends the relocation of an object, as libbpf does. */
export class CoreRefusal extends Error {
  readonly miss: CoreMiss;

  constructor(miss: CoreMiss) {
    super(`${miss.code}: ${miss.subject}`);
    this.miss = miss;
  }
}
