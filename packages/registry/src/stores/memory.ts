import { readFile } from 'node:fs/promises';
import { type Clock, systemClock } from '../clock.js';
import { checkedPrefix, type KeyPrefix, keyKind, type StoreKey } from './keys.js';
import type { ByteRange, ListOptions, Store } from './store.js';
import { checkRemovable, checkSize, pageLimit } from './store-checks.js';

/** A store in this process's memory: for tests and for `--store memory:`. It is gone with the process. */
export function createMemoryStore(clock: Clock = systemClock): Store {
  const objects = new Map<StoreKey, Uint8Array>();
  const times = new WeakMap<Uint8Array, number>();
  const put = (key: StoreKey, bytes: Uint8Array) => {
    const own = Uint8Array.from(bytes);
    times.set(own, clock.nowMs());
    objects.set(key, own);
  };
  return {
    name: 'memory:',
    async create(key, bytes) {
      checkSize(key, bytes.length, 'create');
      if (objects.has(key)) return 'exists';
      put(key, bytes);
      return 'created';
    },
    async putBlob(key, bytes) {
      checkSize(key, bytes.length, 'write');
      put(key, bytes);
      return 'unknown';
    },
    async putFile(key, path) {
      const bytes = await readFile(path);
      checkSize(key, bytes.length, 'write');
      put(key, bytes);
    },
    async overwriteEntry(key, bytes) {
      checkSize(key, bytes.length, 'write');
      put(key, bytes);
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
    async writtenAtMs(key) {
      keyKind(key);
      return times.get(objects.get(key) ?? NOTHING);
    },
    async remove(key) {
      checkRemovable(key);
      objects.delete(key);
    },
    clockOffsetMs: () => 0,
    close: async () => undefined,
  };
}

/** No object's bytes. */
const NOTHING = new Uint8Array();

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
