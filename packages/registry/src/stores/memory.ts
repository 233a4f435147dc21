import { checkedPrefix, type KeyPrefix, keyKind, type StoreKey } from './keys.js';
import type { ByteRange, ListOptions, Store } from './store.js';
import { checkRemovable, checkSize, pageLimit } from './store-checks.js';

/** A store in this process's memory: for tests and for `--store memory:`. It is gone with the process. */
export function createMemoryStore(): Store {
  const objects = new Map<StoreKey, Uint8Array>();
  return {
    name: 'memory:',
    async create(key, bytes) {
      checkSize(key, bytes.length, 'create');
      if (objects.has(key)) return 'exists';
      objects.set(key, Uint8Array.from(bytes));
      return 'created';
    },
    async putBlob(key, bytes) {
      checkSize(key, bytes.length, 'write');
      objects.set(key, Uint8Array.from(bytes));
    },
    async get(key, range) {
      keyKind(key);
      const bytes = objects.get(key);
      return bytes === undefined ? undefined : part(bytes, range);
    },
    list: async (prefix, options) => listed(objects, prefix, options),
    async head(key) {
      keyKind(key);
      return objects.get(key)?.length;
    },
    async remove(key) {
      checkRemovable(key);
      objects.delete(key);
    },
    clockOffsetMs: () => 0,
    close: async () => undefined,
  };
}

function part(bytes: Uint8Array, range: ByteRange | undefined): Uint8Array {
  const { offsetBytes, lengthBytes } = range ?? { offsetBytes: 0, lengthBytes: bytes.length };
  return bytes.slice(offsetBytes, offsetBytes + lengthBytes);
}

function listed(objects: ReadonlyMap<StoreKey, unknown>, prefix: KeyPrefix, options: ListOptions = {}): StoreKey[] {
  const { after = '' } = options;
  const start = checkedPrefix(prefix);
  return [...objects.keys()]
    .filter((key) => key.startsWith(start) && key > after)
    .sort()
    .slice(0, pageLimit(options));
}
