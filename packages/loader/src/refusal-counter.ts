import { EbpmError } from '@ebpm/formats';
import type { NativeObject, NativeRefusalCounter } from './binding.js';
import { MAX_COUNTED_MAPS } from './limits.js';
import { errnoText, isNativeFailure } from './native-failure.js';

/**
 * BPF_MAP_TYPE_HASH, _PERCPU_HASH and _RINGBUF: what native/refusals.cc can count.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h enum bpf_map_type
 */
const COUNTED_TYPES: readonly number[] = [1, 5, 27];

/**
 * Counts, in the kernel, every entry that one of an object's ring buffers or hash maps refuses for want of room. The kernel
 * itself keeps no such count. It costs something for every entry that any program of the machine puts into such a map.
 */
export class RefusalCounter {
  readonly #native: NativeRefusalCounter;
  readonly #maps: readonly string[];

  /** Made by `LoadedObject.countRefusals`. */
  constructor(native: NativeRefusalCounter, maps: readonly string[]) {
    this.#native = native;
    this.#maps = maps;
  }

  /** By the map's name. After `close()` what they were then. */
  get counts(): ReadonlyMap<string, bigint> {
    const counts = this.#native.counts();
    return new Map(this.#maps.map((name, index) => [name, counts[index] ?? 0n]));
  }

  /** Calls, of whichever map, that were not looked at, because one was being counted on that CPU: 0 unless interrupts do it. */
  get missed(): bigint {
    return this.#native.missed();
  }

  /** Safe to call twice. */
  close(): void {
    this.#native.close();
  }
}

/**
 * Starts to count for all maps of an object that refuse entries; undefined when it has none.
 * @throws EBPM_REFUSALS_UNCOUNTED when this kernel does not let us; `data.reason` says why
 */
export function countRefusals(native: NativeObject): RefusalCounter | undefined {
  const names = native.maps().flatMap(({ name, type }) => (COUNTED_TYPES.includes(type) ? [name] : []));
  if (names.length === 0) return undefined;
  if (names.length > MAX_COUNTED_MAPS)
    throw uncounted(`there are ${names.length} maps, the limit is ${MAX_COUNTED_MAPS}`);
  try {
    return new RefusalCounter(native.countRefusals(names), names);
  } catch (error) {
    if (!isNativeFailure(error)) throw error;
    throw uncounted(`cannot ${error.log}: ${errnoText(error)}`, error);
  }
}

function uncounted(reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_REFUSALS_UNCOUNTED', `Cannot count what the maps refuse: ${reason}`, {
    cause,
    data: { reason },
  });
}
