import type { WasiClock } from './wasi-host.js';

/** The clocks of this machine. What the wall's says has milliseconds: Node has nothing finer that follows when the clock is set. */
export const systemClock: WasiClock = {
  realtimeNs: () => BigInt(Date.now()) * 1_000_000n,
  monotonicNs: () => process.hrtime.bigint(),
  processNs: () => {
    const { user, system } = process.cpuUsage();
    return BigInt(user + system) * 1000n;
  },
};
