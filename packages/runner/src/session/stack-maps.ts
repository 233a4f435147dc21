import type { StackOf } from '@ebpm/events';
import type { RunningObject } from '@ebpm/loader';
import type { BpfMap } from '@ebpm/object';

/**
 * BPF_MAP_TYPE_STACK_TRACE, and the flag of those that hold offsets in files instead of addresses.
 * @see https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/bpf.h BPF_F_STACK_BUILD_ID
 */
const STACK_TRACE = 7;
const BUILD_ID = 1 << 5;

/** The maps of an object in which `bpf_get_stackid` keeps addresses. */
export function stackMapsOf(maps: readonly BpfMap[]): readonly BpfMap[] {
  return maps.filter(({ type, flags }) => type === STACK_TRACE && (flags & BUILD_ID) === 0);
}

/** The stacks of a running object, read anew for each round of its sampled map. */
export class StackMaps {
  readonly #running: RunningObject;
  readonly #names: readonly string[];
  /** By map, then by id. What a round has cleared stays here for the next: counts that were on their way may still name it. */
  #stacks: ReadonlyMap<string, Map<number, Uint8Array>> = new Map();

  constructor(running: RunningObject, names: readonly string[]) {
    this.#running = running;
    this.#names = names;
  }

  /** Reads what there is now; `clear` makes room for other stacks. */
  read(clear: boolean): void {
    const before = this.#stacks;
    this.#stacks = new Map(
      this.#names.map((name) => {
        const entries = this.#running.readMap(name);
        if (clear)
          this.#running.deleteFromMap(
            name,
            entries.map(({ key }) => key),
          );
        const kept = clear ? (before.get(name) ?? []) : [];
        return [name, new Map([...kept, ...entries.map(({ key, value }) => [idOf(key), value] as const)])];
      }),
    );
    if (clear) this.#forget();
  }

  /** Of several stack maps, the one that begins with the same letter as the field: `kernel_stack_id` and `kstacks`. */
  readonly stackOf: StackOf = (id, field) => {
    const name = this.#names.find((candidate) => candidate[0] === field[0]) ?? this.#names[0] ?? '';
    return this.#stacks.get(name)?.get(id);
  };

  #forget(): void {
    for (const stacks of this.#stacks.values()) {
      for (const id of stacks.keys()) {
        if (stacks.size <= STACKS_KEPT) break;
        stacks.delete(id);
      }
    }
  }
}

/** Stacks that are remembered of a map after it was cleared: as many as a map usually holds. */
const STACKS_KEPT = 16_384;

function idOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset, key.byteLength).getUint32(0, true);
}
