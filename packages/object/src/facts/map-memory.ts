import type { BpfMapDefinition } from '../bpf-object.js';
import { mapTypeName } from '../map-types.js';

/** Upper bounds of the memory that a map locks: once, and for each CPU besides. */
export interface MapMemory {
  readonly bytes: number;
  readonly perCpuBytes: number;
}

/** What the kernel adds to an entry and to a map, generously: its structures are smaller (htab_elem 48, lpm_trie_node 40). */
const ENTRY_BYTES = 96;
const MAP_BYTES = 64 * 1024;
const BUCKET_BYTES = 32;
const PAGE_BYTES = 64 * 1024;
const POINTER_BYTES = 8;

/** Sockets, devices and CPUs are structures of the kernel: what one of them costs. */
const OBJECT_BYTES = 512;

/**
 * An upper bound of what a map locks; undefined where its size is not in its definition: local storage grows with what it is for, and
 * some numbers are left to the loader. Numbers that a double cannot hold become the largest that it can.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf (map_mem_usage of each type)
 */
export function mapMemory(map: BpfMapDefinition): MapMemory | undefined {
  const { keySizeBytes, valueSizeBytes, maxEntries } = map;
  const key = rounded(keySizeBytes);
  const value = rounded(valueSizeBytes);
  switch (mapTypeName(map.type)) {
    case 'array':
    case 'queue':
    case 'stack':
    case 'stack_trace':
    case 'struct_ops':
    case 'lpm_trie':
      return bound(MAP_BYTES + maxEntries * (ENTRY_BYTES + key + value));
    case 'prog_array':
    case 'cgroup_array':
    case 'array_of_maps':
    case 'reuseport_sockarray':
    case 'xskmap':
    case 'sockmap':
    case 'cpumap':
    case 'devmap':
      return bound(MAP_BYTES + maxEntries * (POINTER_BYTES + OBJECT_BYTES));
    case 'perf_event_array':
      // With no size of its own it has a place for each CPU.
      return bound(MAP_BYTES + maxEntries * (POINTER_BYTES + ENTRY_BYTES), POINTER_BYTES + ENTRY_BYTES);
    case 'percpu_array':
      return bound(MAP_BYTES + maxEntries * POINTER_BYTES, maxEntries * value);
    case 'hash':
    case 'lru_hash':
      return bound(MAP_BYTES + hashed(maxEntries, key + value), ENTRY_BYTES + key + value);
    case 'percpu_hash':
    case 'lru_percpu_hash':
      return bound(MAP_BYTES + hashed(maxEntries, key), maxEntries * value + ENTRY_BYTES + key + value);
    case 'hash_of_maps':
    case 'devmap_hash':
    case 'sockhash':
      return bound(MAP_BYTES + hashed(maxEntries, key + OBJECT_BYTES));
    case 'ringbuf':
    case 'user_ringbuf':
      return bound(MAP_BYTES + maxEntries + 4 * PAGE_BYTES);
    case 'bloom_filter':
      return bound(MAP_BYTES + maxEntries * BLOOM_BYTES);
    case 'arena':
      return bound(MAP_BYTES + maxEntries * PAGE_BYTES);
    default:
      return undefined;
  }
}

/** At most 15 bits for each entry, times 7/5, rounded up to a power of two. */
const BLOOM_BYTES = 6;

/** Entries and the next power of two of buckets. */
function hashed(maxEntries: number, sizeBytes: number): number {
  return maxEntries * (ENTRY_BYTES + sizeBytes + 2 * BUCKET_BYTES);
}

function rounded(sizeBytes: number): number {
  return Math.ceil(sizeBytes / 8) * 8;
}

function bound(bytes: number, perCpuBytes = 0): MapMemory {
  const held = (number: number) => Math.min(number, Number.MAX_SAFE_INTEGER);
  return { bytes: held(bytes), perCpuBytes: held(perCpuBytes) };
}
