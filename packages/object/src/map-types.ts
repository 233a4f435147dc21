/**
 * The map types of the kernel, as names of the BPF_MAP_TYPE_* numbers (the index is the number).
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h (enum bpf_map_type)
 */
export const MAP_TYPES = [
  'unspec',
  'hash',
  'array',
  'prog_array',
  'perf_event_array',
  'percpu_hash',
  'percpu_array',
  'stack_trace',
  'cgroup_array',
  'lru_hash',
  'lru_percpu_hash',
  'lpm_trie',
  'array_of_maps',
  'hash_of_maps',
  'devmap',
  'sockmap',
  'cpumap',
  'xskmap',
  'sockhash',
  'cgroup_storage',
  'reuseport_sockarray',
  'percpu_cgroup_storage',
  'queue',
  'stack',
  'sk_storage',
  'devmap_hash',
  'struct_ops',
  'ringbuf',
  'inode_storage',
  'task_storage',
  'bloom_filter',
  'user_ringbuf',
  'cgrp_storage',
  'arena',
] as const;

/** The name of a map type; `#N` for a number that no kernel up to 6.12 knows. */
export function mapTypeName(type: number): string {
  return MAP_TYPES[type] ?? `#${type}`;
}
