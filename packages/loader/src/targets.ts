/** What the flags of a run say to attach to; each goes before what the package says. */
export interface Targets {
  /** An interface, by name or by number. */
  readonly ifname?: string | undefined;
  /** A folder of cgroup2. */
  readonly cgroup?: string | undefined;
  readonly pid?: number | undefined;
  /** A program or a library. */
  readonly path?: string | undefined;
}

/** The kinds of target, as the flags of a run name them. */
export type TargetKind = keyof Targets;

/** What a package says of one of its programs, beside the name of its section. */
export interface ProgramSettings {
  /** False: loaded and not attached. */
  readonly link?: boolean | undefined;
  /** True: the rest runs where this one cannot. */
  readonly optional?: boolean | undefined;
  /** Where to attach it unless a flag says otherwise. */
  readonly target?: Targets & {
    /** Function of `path`, for a section that names none. */
    readonly symbol?: string | undefined;
    /** Map of the object: the sockets of sk_skb and sk_msg, or what an iterator goes over. */
    readonly map?: string | undefined;
  };
  readonly tc?: TcSettings | undefined;
  readonly xdpFlags?: number | undefined;
  readonly perf?: PerfSettings | undefined;
  readonly netfilter?: NetfilterSettings | undefined;
}

export interface TcSettings {
  /** Default: ingress. */
  readonly egress?: boolean | undefined;
  /** What only classic tc has; a package that names one of them gets classic tc. */
  readonly handle?: number | undefined;
  readonly priority?: number | undefined;
}

export interface PerfSettings {
  /** Default: cpu-cycles, and cpu-clock on a machine without hardware counters. */
  readonly event?: PerfEventName | undefined;
  /** Samples a second on each CPU; default 99. */
  readonly frequency?: number | undefined;
  /** Events a sample, instead of a frequency. */
  readonly period?: number | undefined;
}

/** The events of perf_event_open(2) that a program may be run by. */
export type PerfEventName =
  | 'cpu-cycles'
  | 'instructions'
  | 'cache-references'
  | 'cache-misses'
  | 'branches'
  | 'branch-misses'
  | 'cpu-clock'
  | 'task-clock'
  | 'page-faults'
  | 'context-switches'
  | 'cpu-migrations';

export interface NetfilterSettings {
  /** Default: ipv4. */
  readonly family?: 'ipv4' | 'ipv6' | undefined;
  /** Default: local_in. */
  readonly hook?: NetfilterHook | undefined;
  /** Default: 0; lower ones run earlier. */
  readonly priority?: number | undefined;
}

export type NetfilterHook = 'pre_routing' | 'local_in' | 'forward' | 'local_out' | 'post_routing';
