import { MAP_COMMANDS, mapOperate } from '@ebpm/loader';
import type { GuestMemory } from '../guest-memory.js';
import { EBADF, EINVAL, EPERM } from './errno.js';
import type { GuestObjects, OwnMap } from './guest-objects.js';

/** What `wasm_bpf_map_operate` is given. */
export interface MapOperation {
  readonly descriptor: number;
  readonly command: number;
  readonly key: number;
  readonly value: number;
  readonly nextKey: number;
  readonly flags: bigint;
}

/** What an operation needs to know. */
export interface MapScope {
  readonly memory: GuestMemory;
  readonly objects: GuestObjects;
  readonly possibleCpus: number;
}

/**
 * BPF_MAP_TYPE_*: percpu_hash, percpu_array, lru_percpu_hash, percpu_cgroup_storage. A value has a part for each possible CPU.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/linux/bpf.h (bpf_map_value_size)
 */
const PER_CPU: ReadonlySet<number> = new Set([5, 6, 10, 21]);
/** array_of_maps, hash_of_maps: a value is the descriptor of a map. */
const OF_MAPS: ReadonlySet<number> = new Set([12, 13]);
/**
 * A value is the descriptor of a program, an event, a cgroup or a socket, or has one in it: prog_array, perf_event_array, cgroup_array, devmap, sockmap,
 * cpumap, xskmap, sockhash, reuseport_sockarray, devmap_hash. A guest has none of those.
 */
const OF_DESCRIPTORS: ReadonlySet<number> = new Set([3, 4, 8, 14, 15, 16, 17, 18, 20, 25]);

/**
 * One of the kernel's commands on an element of a map of the guest's own: its result, 0 or a negative errno. Sizes come from the map, never from the guest.
 *
 * @throws GuestFault where key or value is not in the guest's memory
 */
export function operateOnMap(scope: MapScope, operation: MapOperation): number {
  const own = scope.objects.map(operation.descriptor);
  if (own === undefined) return -EBADF;
  const { memory } = scope;
  const { descriptor, keySizeBytes, type } = own.map;
  const valueBytes = valueSize(own, scope.possibleCpus);
  // Asked for the key behind none, the kernel gives the first.
  const isFirst = operation.command === MAP_COMMANDS.getNextKey && operation.key === 0;
  const key = keySizeBytes === 0 || isFirst ? undefined : memory.bytes(operation.key, keySizeBytes);
  switch (operation.command) {
    case MAP_COMMANDS.lookup:
      return mapOperate(
        descriptor,
        operation.command,
        key,
        memory.bytes(operation.value, valueBytes),
        undefined,
        operation.flags,
      );
    case MAP_COMMANDS.update: {
      if (OF_DESCRIPTORS.has(type)) return -EPERM;
      const value = memory.bytes(operation.value, valueBytes);
      const stored = OF_MAPS.has(type) ? innerMap(scope.objects, memory.u32(operation.value)) : value;
      if (stored === undefined) return -EBADF;
      return mapOperate(descriptor, operation.command, key, stored, undefined, operation.flags);
    }
    case MAP_COMMANDS.delete:
      return mapOperate(descriptor, operation.command, key, undefined, undefined, 0n);
    case MAP_COMMANDS.getNextKey:
      return mapOperate(
        descriptor,
        operation.command,
        key,
        undefined,
        memory.bytes(operation.nextKey, keySizeBytes),
        0n,
      );
    default:
      return -EINVAL;
  }
}

function valueSize({ map: { type, valueSizeBytes } }: OwnMap, possibleCpus: number): number {
  return PER_CPU.has(type) ? Math.ceil(valueSizeBytes / 8) * 8 * possibleCpus : valueSizeBytes;
}

/** The guest's number for one of its maps becomes the descriptor that the kernel knows. */
function innerMap(objects: GuestObjects, number: number): Uint8Array | undefined {
  const inner = objects.map(number);
  return inner && new Uint8Array(Uint32Array.of(inner.map.descriptor).buffer);
}
