import type { Targets } from '@ebpm/loader';

/** What the flags of `TARGET_FLAGS` hold. */
export interface TargetFlagValues {
  readonly 'target-ifname': string | undefined;
  readonly 'target-cgroup': string | undefined;
  readonly 'target-pid': number | undefined;
  readonly 'target-path': string | undefined;
}

/** The targets that flags name. */
export function targetsOf(flags: TargetFlagValues): Targets {
  return {
    ifname: flags['target-ifname'],
    cgroup: flags['target-cgroup'],
    pid: flags['target-pid'],
    path: flags['target-path'],
  };
}

/** The flags again, for a command line in another machine. */
export function targetWords(targets: Targets): readonly string[] {
  return Object.entries(targets).flatMap(([kind, value]) =>
    value === undefined ? [] : [`--target-${kind}`, String(value)],
  );
}
