import { type ReachedPoison, type ReachOptions, reachCode } from './reach-code.js';

/** Of what `reachCode` comes to, the instructions that libbpf has replaced by invalid ones. */
export function reachPoison(options: ReachOptions): readonly ReachedPoison[] {
  if (!options.resolved.some(({ outcome }) => outcome.kind === 'poisoned')) return [];
  return reachCode(options).poison;
}
