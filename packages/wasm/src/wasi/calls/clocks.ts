import { WasiError } from '../wasi-error.js';
import type { WasiClock } from '../wasi-host.js';
import type { Wasi, WasiCall } from '../wasi-imports.js';

export const CLOCK = { realtime: 0, monotonic: 1, processCpu: 2, threadCpu: 3 } as const;

/** As system-clock.ts has them. */
const RESOLUTION_NS: Readonly<Record<number, bigint>> = {
  [CLOCK.realtime]: 1_000_000n,
  [CLOCK.monotonic]: 1n,
  [CLOCK.processCpu]: 1000n,
  [CLOCK.threadCpu]: 1000n,
};

export function clockCalls({ host: { memory, clock } }: Wasi): Readonly<Record<string, WasiCall>> {
  return {
    clock_res_get: (id: number, resolution: number) => {
      const ns = RESOLUTION_NS[id];
      if (ns === undefined) throw new WasiError('EINVAL');
      memory.setU64(resolution, ns);
    },
    clock_time_get: (id: number, _precision: bigint, time: number) => memory.setU64(time, clockNs(clock, id)),
  };
}

/** @throws WasiError EINVAL where there is no such clock */
export function clockNs(clock: WasiClock, id: number): bigint {
  switch (id) {
    case CLOCK.realtime:
      return clock.realtimeNs();
    case CLOCK.monotonic:
      return clock.monotonicNs();
    // A guest has one thread, and its process does nothing else.
    case CLOCK.processCpu:
    case CLOCK.threadCpu:
      return clock.processNs();
    default:
      throw new WasiError('EINVAL');
  }
}
