import { existsSync } from 'node:fs';

/** What of the kernel's tracing this machine offers, as far as a missing attach target can be explained by it. */
export interface TracingSupport {
  /** Whether tracefs is mounted: tracepoints are looked up there. */
  readonly tracefs: boolean;
  readonly kprobes: boolean;
  readonly uprobes: boolean;
}

/** Looks at this machine. */
export function tracingSupport(): TracingSupport {
  return {
    // The two places where libbpf looks. The second is mounted on demand below debugfs.
    tracefs: existsSync('/sys/kernel/tracing/events') || existsSync('/sys/kernel/debug/tracing/events'),
    kprobes: existsSync('/sys/bus/event_source/devices/kprobe'),
    uprobes: existsSync('/sys/bus/event_source/devices/uprobe'),
  };
}
