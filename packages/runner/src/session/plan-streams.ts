import type { RunnablePackage } from '../runnable-package.js';
import { planEventStreams } from './event-stream.js';
import { planIteratorStreams } from './iterator-stream.js';
import { planResultStreams } from './result-stream.js';
import { planSampleStreams } from './sample-stream.js';
import type { StreamOptions, StreamPlan } from './stream.js';
import { planTraceStreams } from './trace-stream.js';

/** Each kind of stream that a package may have. */
const KINDS: readonly ((pkg: RunnablePackage, options: StreamOptions) => readonly StreamPlan[])[] = [
  planEventStreams,
  planSampleStreams,
  planIteratorStreams,
  planResultStreams,
];

/**
 * All that a package shows while it runs, in the order in which it is opened.
 *
 * @throws EBPM_EVENT_TYPE_MISSING, EBPM_PACKAGE_INCONSISTENT, the codes of `recordType`
 */
export function planStreams(pkg: RunnablePackage, options: StreamOptions): readonly StreamPlan[] {
  const plans = KINDS.flatMap((plan) => plan(pkg, options));
  // Where there are events, what is printed beside them is for whoever debugs the program.
  return plans.length > 0 ? plans : planTraceStreams(pkg, options);
}
