import type { AttachedProgram } from './attach-programs.js';
import type { NativeLinkMisses, NativeObject } from './binding.js';
import type { ProgramInfo } from './object-info.js';

/** What the kernel has counted for one program since it was loaded. */
export interface ProgramCounts {
  readonly name: string;
  /** Runs that were left out because a program was running on that CPU already. */
  readonly recursionMisses: bigint;
  /** Hits of a kprobe that did not reach the program. */
  readonly missedHits: bigint;
  /** Whether the two are all that this kernel left out. */
  readonly countsEveryMiss: boolean;
  /** Stays 0 unless run statistics are on. */
  readonly runs: bigint;
  readonly runTimeNs: bigint;
}

/** A program's counts; `misses` is what its link tells, or told before it was closed. */
export function programCounts(
  native: NativeObject,
  { program }: AttachedProgram,
  misses: NativeLinkMisses | undefined,
): ProgramCounts {
  return {
    name: program.name,
    ...native.programCounts(program.name),
    missedHits: misses?.missed ?? 0n,
    countsEveryMiss: countsEveryMiss(program, misses?.counted ?? false),
  };
}

/**
 * BPF_PROG_TYPE_KPROBE, _TRACEPOINT and _PERF_EVENT.
 * @see https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/bpf.h enum bpf_prog_type
 */
const KPROBE = 2;
const TRACEPOINT = 5;
const PERF_EVENT = 7;

/**
 * The kernel runs one tracepoint, kprobe or perf event program at a time on a CPU and skips the others: trace_call_bpf()
 * counts that since Linux 6.7, bpf_overflow_handler() does not. Other types are not skipped, or counted since 5.12.
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/trace/bpf_trace.c trace_call_bpf
 */
function countsEveryMiss({ type, section }: ProgramInfo, kernelCounts: boolean): boolean {
  switch (type) {
    case KPROBE:
      return kernelCounts || /^(uprobe|uretprobe|usdt)\b/.test(section);
    case TRACEPOINT:
      return kernelCounts;
    case PERF_EVENT:
      return false;
    default:
      return true;
  }
}
