import type { RecordType } from '../record-type.js';
import type { RecordView } from './read-fields.js';
import type { StackSample } from './stack-frame.js';

/** Finds the stacks in records of one type. */
export interface StackReader {
  /** The same records without what the stacks are shown instead of. */
  readonly rest: RecordType;
  /** The stacks of a record, which begins where `bytes` begins; undefined where it has none. */
  sample(record: RecordView): StackSample | undefined;
}
