import type { RunnablePackage } from '../runnable-package.js';
import { planEventStreams } from './event-stream.js';
import type { StreamPlan } from './stream.js';

/** Each kind of stream that a package may have. */
const KINDS: readonly ((pkg: RunnablePackage) => readonly StreamPlan[])[] = [planEventStreams];

/**
 * All that a package shows while it runs, in the order in which it is opened.
 *
 * @throws EBPM_EVENT_TYPE_MISSING, EBPM_PACKAGE_INCONSISTENT, EBPM_RUN_UNSUPPORTED
 */
export function planStreams(pkg: RunnablePackage): readonly StreamPlan[] {
  return KINDS.flatMap((plan) => plan(pkg));
}
