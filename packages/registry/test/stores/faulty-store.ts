import type { Clock } from '../../src/clock.js';
import type { Store } from '../../src/stores/store.js';
import { StoreError } from '../../src/stores/store-error.js';

/** What a network and a server can do to a create. */
export type CreateFault =
  /** The request never arrives. */
  | { readonly kind: 'lost request' }
  /** It is carried out, and the answer is lost. */
  | { readonly kind: 'lost answer' }
  /** It is carried out, then repeated on the way: the second one's 412 is the answer. */
  | { readonly kind: 'own 412' }
  /** It is held on the way and arrives after so many milliseconds, whether anyone waits for it or not. */
  | { readonly kind: 'held'; readonly ms: number }
  /** The server says no. */
  | { readonly kind: 'refused' };

/** A store whose creates and reads fail as told; `undefined` means that all goes well. */
export function faultyStore(store: Store, { clock, createFault, readFault = () => false }: FaultyStoreOptions): Store {
  const maybeFail = async <T>(request: () => Promise<T>): Promise<T> => {
    if (readFault()) throw new StoreError('ambiguous', 'Cannot read: connection reset');
    return request();
  };
  return {
    ...store,
    get: (key, range) => maybeFail(() => store.get(key, range)),
    head: (key) => maybeFail(() => store.head(key)),
    list: (prefix, options) => maybeFail(() => store.list(prefix, options)),
    async create(key, bytes) {
      const fault = createFault(key);
      switch (fault?.kind) {
        case undefined:
          return store.create(key, bytes);
        case 'lost request':
          throw new StoreError('ambiguous', `Cannot create "${key}": 500`);
        case 'lost answer':
          await store.create(key, bytes);
          throw new StoreError('ambiguous', `Cannot create "${key}": connection reset`);
        case 'own 412':
          await store.create(key, bytes);
          return 'exists';
        case 'held':
          await clock.sleep(fault.ms);
          return store.create(key, bytes);
        case 'refused':
          throw new StoreError('refused', `Cannot create "${key}": 403`);
      }
    },
  };
}

/** What goes wrong. */
export interface FaultyStoreOptions {
  readonly clock: Clock;
  readonly createFault: (key: string) => CreateFault | undefined;
  readonly readFault?: () => boolean;
}
