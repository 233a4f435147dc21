import type { CoreMiss, CoreMissCode } from '@ebpm/object';

/** How a relocation that comes to nothing is told. */
export interface CoreMissWords {
  readonly reason: (miss: CoreMiss) => string;
  readonly cure: string;
}

const ASK = 'Use a kernel that has it, or a version of the package that asks for it first';
const OTHER_VERSION = 'Use another kernel, or a version of the package that was written for this one';
const REBUILD = 'Tell its author: the object is not as a compiler writes it';

/** One for each code. */
export const CORE_MISSES: Readonly<Record<CoreMissCode, CoreMissWords>> = {
  no_type: {
    reason: ({ subject }) => `this kernel has no ${subject}`,
    cure: `${ASK} (bpf_core_type_exists)`,
  },
  no_field: {
    reason: ({ subject }) => `this kernel has no field ${subject}`,
    cure: `${ASK} (bpf_core_field_exists)`,
  },
  field_type: {
    reason: ({ subject, wanted, found }) => `${subject} is "${found}" on this kernel, wanted "${wanted}"`,
    cure: `${ASK} (bpf_core_field_exists)`,
  },
  beyond_array: {
    reason: ({ subject, found }) => `${subject} is beyond the array, which has ${found} elements on this kernel`,
    cure: OTHER_VERSION,
  },
  no_value: {
    reason: ({ subject }) => `this kernel has no value ${subject}`,
    cure: `${ASK} (bpf_core_enum_value_exists)`,
  },
  other_size: {
    reason: ({ subject, wanted, found }) => `${subject} has ${found} bytes on this kernel, and is read as ${wanted}`,
    cure: OTHER_VERSION,
  },
  ambiguous: {
    reason: ({ subject, wanted, found }) =>
      `this kernel has several types of that name, and ${subject} is ${wanted} in one and ${found} in another`,
    cure: OTHER_VERSION,
  },
  unnamed: { reason: ({ subject }) => `libbpf looks for no type without a name (${subject})`, cure: REBUILD },
  unmeasurable: {
    reason: ({ subject }) => `what is asked of ${subject} has no answer on this kernel`,
    cure: OTHER_VERSION,
  },
  array_element: { reason: ({ subject }) => `${subject} is asked for what only members have`, cure: REBUILD },
  too_deep: { reason: ({ subject }) => `${subject} lies deeper than libbpf looks`, cure: OTHER_VERSION },
  instruction: {
    reason: ({ subject, wanted, found }) => `the instruction for ${subject} holds ${found}, wanted ${wanted}`,
    cure: REBUILD,
  },
  too_far: {
    reason: ({ subject, found }) => `${subject} is at byte ${found} on this kernel, further than an instruction reads`,
    cure: OTHER_VERSION,
  },
};
