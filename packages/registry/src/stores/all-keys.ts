import type { KeyPrefix, StoreKey } from './keys.js';
import type { Store } from './store.js';

/** Every key under a prefix, page by page, in order. */
export async function* allKeys(store: Store, prefix: KeyPrefix, after = ''): AsyncGenerator<StoreKey, void> {
  for (let from = after; ; ) {
    const page = await store.list(prefix, { after: from });
    const last = page.at(-1);
    if (last === undefined) return;
    yield* page;
    from = last;
  }
}
