import {
  embeddedStacks,
  mappedStacks,
  type RecordType,
  type StackFieldNames,
  type StackOf,
  type StackReader,
} from '@ebpm/events';

/** How the stacks of a recorded stream are found: in fields of its records, or in a map that these refer to. */
export type StackLook =
  | { readonly kind: 'embedded'; readonly fields: StackFieldNames }
  /** `clear`: whether the counts of each reading stand for themselves. */
  | { readonly kind: 'mapped'; readonly clear: boolean };

/** Reads the stacks of a recorded stream; undefined where its records have none. @throws EBPM_EVENT_TYPE_INVALID */
export function stackReaderOf(type: RecordType, look: StackLook, stackOf: StackOf): StackReader | undefined {
  return look.kind === 'embedded' ? embeddedStacks(type, look.fields) : mappedStacks(type, stackOf);
}
