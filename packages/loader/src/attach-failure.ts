import { EbpmError } from '@ebpm/formats';
import type { Capability } from './capabilities.js';
import { readLibbpfLog } from './libbpf-log.js';
import { errnoText, type NativeFailure } from './native-failure.js';
import { neededCapabilities } from './needed-capabilities.js';
import { notPermitted } from './not-permitted.js';
import type { ProgramInfo } from './object-info.js';
import type { TracingSupport } from './tracing-support.js';

const EPERM = 1;
const ENOENT = 2;
const E2BIG = 7;
const EACCES = 13;
const EBUSY = 16;
const EEXIST = 17;
const EOPNOTSUPP = 95;

/**
 * How many programs a tracepoint, a probe or a cgroup runs.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/trace/bpf_trace.c BPF_TRACE_MAX_PROGS
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/cgroup.c BPF_CGROUP_MAX_PROGS
 */
const TRACE_MAX_PROGRAMS = 64;

/** The machine that the program was to be attached to. */
export interface AttachSite {
  readonly held: ReadonlySet<Capability>;
  readonly tracing: TracingSupport;
}

/** Why a program was not attached, as an error that a person can act on. */
export function attachFailure(program: ProgramInfo, failure: NativeFailure, site: AttachSite): EbpmError {
  const { messages } = readLibbpfLog(failure.log);
  const action = `Cannot attach "${program.name}" to ${program.section}`;
  const data = {
    errno: failure.errno,
    syscall: attachSyscall(messages),
    program: program.name,
    section: program.section,
    log: messages,
  };
  switch (failure.errno) {
    case EPERM:
    case EACCES:
      return notPermitted({
        action,
        needed: neededCapabilities([program.section]),
        held: site.held,
        data,
        cause: failure,
      });
    case ENOENT: {
      const { reason, hint } = missingTarget(program, site.tracing);
      const options = hint === undefined ? { cause: failure, data } : { cause: failure, data, hint };
      return new EbpmError('EBPM_ATTACH_TARGET_MISSING', `${action}: ${reason}`, options);
    }
    case EBUSY:
    case EEXIST: {
      const reason = `another program is attached there already (${errnoText(failure)})`;
      return new EbpmError('EBPM_ATTACH_FAILED', `${action}: ${reason}`, { cause: failure, data });
    }
    case E2BIG: {
      const reason = `${TRACE_MAX_PROGRAMS} programs run there already, and the kernel takes no more`;
      return new EbpmError('EBPM_ATTACH_FAILED', `${action}: ${reason}`, { cause: failure, data });
    }
    case EOPNOTSUPP: {
      const reason = program.section.startsWith('xdp')
        ? 'the interface, or its driver, does not have that mode of XDP'
        : 'the section name does not say where to, and libbpf attaches by the section name';
      return new EbpmError('EBPM_ATTACH_FAILED', `${action}: ${reason}`, { cause: failure, data });
    }
    default: {
      const reason = messages.at(-1) ?? errnoText(failure);
      return new EbpmError('EBPM_ATTACH_FAILED', `${action}: ${reason}`, { cause: failure, data });
    }
  }
}

/** What is missing, and what to type where typing helps. */
function missingTarget({ section }: ProgramInfo, tracing: TracingSupport): { reason: string; hint?: string } {
  if (/^(tp|tracepoint)\//.test(section)) {
    if (!tracing.tracefs)
      return { reason: 'tracefs is not mounted', hint: 'mount -t tracefs tracefs /sys/kernel/tracing' };
    return { reason: 'this kernel has no such tracepoint', hint: 'ls /sys/kernel/tracing/events shows what there is' };
  }
  if (/^k(ret)?(probe|syscall)/.test(section)) {
    if (!tracing.kprobes) return { reason: 'this kernel has no kprobes (CONFIG_KPROBE_EVENTS is not set)' };
    return { reason: 'this kernel has no such function to probe', hint: 'grep for its name in /proc/kallsyms' };
  }
  if (/^(u(ret)?probe|usdt)/.test(section)) {
    if (!tracing.uprobes) return { reason: 'this kernel has no uprobes (CONFIG_UPROBE_EVENTS is not set)' };
    return { reason: 'there is no such file, or no such symbol in it' };
  }
  return { reason: 'there is no such target' };
}

/** The call that failed, as libbpf's words tell; undefined where libbpf gave up before any. */
function attachSyscall(messages: readonly string[]): string | undefined {
  const said = messages.join('\n');
  if (/perf event ID|legacy .probe event|failed to open/.test(said)) return 'openat';
  if (/raw tracepoint|raw_tp/.test(said)) return 'bpf(BPF_RAW_TRACEPOINT_OPEN)';
  if (/perf event/.test(said)) return 'perf_event_open';
  if (/failed to attach/.test(said)) return 'bpf(BPF_LINK_CREATE)';
  return undefined;
}
