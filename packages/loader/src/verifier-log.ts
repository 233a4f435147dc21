// A verifier log tells every instruction that was looked at, and its end says what is wrong:
//
//   ; *v += 1; @ count.bpf.c:7                            the source line, where the object has line information
//   7: (79) r1 = *(u64 *)(r0 +0)        ; R1=scalar()     the instruction, with the registers after it (since Linux 5.18)
//    R0=map_value_or_null ... R10=fp0                     the registers before it (older kernels)
//   R0 invalid mem access 'map_value_or_null'             the reason
//   processed 7 insns (limit 1000000) ...                 figures

import { MAX_LOG_LINES } from './limits.js';

/** Why the kernel's verifier refused a program. */
export interface VerifierVerdict {
  /** The kernel's own words; the last 12 lines at most. */
  readonly reason: readonly string[];
  /** The instruction that it is about, e.g. `7: (79) r1 = *(u64 *)(r0 +0)`. */
  readonly instruction: string | undefined;
  /** The line of C behind it; since Linux 6.9 with file and line number. */
  readonly source: string | undefined;
}

const FIGURES =
  /^(processed \d+ insns|verification time|stack depth|max_states|mark_precise|last_idx|regs=|parent |insns processed)/;
const REGISTERS = /^\s*(from \d+ to \d+: ?)?(\d+: )?(frame\d+: ?)?R\d+(_\w+)?=/;
const INSTRUCTION = /^\d+: (\([0-9a-f]{2}\)|<invalid )/;
const SOURCE = /^; ?/;
// Instructions that no line of C stands for carry an empty text, with line 0.
const NO_SOURCE = /^;\s*(@ .*:0)?$/;

/** Finds the telling lines of a verifier log. */
export function verifierVerdict(log: string): VerifierVerdict {
  const lines = log.split('\n').filter((line) => line.trim() !== '' && !FIGURES.test(line));
  const last = lines.findLastIndex((line) => INSTRUCTION.test(line) || SOURCE.test(line) || REGISTERS.test(line));
  const before = lines.slice(0, last + 1);
  return {
    reason: lines.slice(last + 1).slice(-MAX_LOG_LINES),
    instruction: before.findLast((line) => INSTRUCTION.test(line))?.replace(/\s+; .*$/, ''),
    source: before.findLast((line) => SOURCE.test(line) && !NO_SOURCE.test(line))?.replace(SOURCE, ''),
  };
}

/** The verdict as lines to show: source, instruction, reason. */
export function tellingLines(verdict: VerifierVerdict): readonly string[] {
  return [verdict.source, verdict.instruction, ...verdict.reason].filter((line) => line !== undefined);
}
