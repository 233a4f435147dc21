import { Flags } from '@oclif/core';

/** Flags of `ebpm run` that say what programs attach to. */
export const TARGET_FLAGS = {
  'target-ifname': Flags.string({
    helpValue: 'NAME',
    description: 'attach to this interface (xdp, tc, socket filters)',
  }),
  'target-cgroup': Flags.string({ helpValue: 'FOLDER', description: 'attach to this cgroup' }),
  'target-pid': Flags.integer({
    min: 1,
    helpValue: 'PID',
    description: 'attach to this process only (uprobe, usdt, perf_event)',
  }),
  'target-path': Flags.string({ helpValue: 'FILE', description: 'attach to this program or library (uprobe, usdt)' }),
};
