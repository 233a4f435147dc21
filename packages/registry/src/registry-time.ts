import type { Clock } from './clock.js';
import type { Store } from './stores/store.js';

/** Registry time in milliseconds since 1970, which all processes have: the store's, since this machine's clock may be wrong. */
export function registryNowMs({ clock, store }: { readonly clock: Clock; readonly store: Store }): number {
  return clock.nowMs() + store.clockOffsetMs();
}
