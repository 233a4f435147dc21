import type { CallAnswer, TrialProgram } from '@ebpm/loader';
import { helperName, type ReachedCall } from '@ebpm/object';
import type { Finding } from './finding.js';
import type { Host } from './host.js';

/** What a program calls, and what it is like. */
export interface CheckedCall {
  readonly call: ReachedCall;
  /** Undefined where nobody can say: its attach target is not there, which has a finding of its own. */
  readonly trial: TrialProgram | undefined;
}

/**
 * Whether the kernel lets programs call what they call.
 * @param hasSymbol whether the kernel has a function that programs name in `__ksym`
 */
export function checkCalls(
  calls: readonly CheckedCall[],
  host: Host,
  hasSymbol: (name: string) => boolean | undefined,
): readonly Finding[] {
  const answered = calls.map((one) => ({ ...one, answer: answerTo(one, host, hasSymbol) }));
  const found = answered.flatMap(({ call, answer, trial }) => openFinding(call, answer, trial, host));
  const open = inOneLine(found);
  const allowed = answered.filter(({ answer }) => answer?.allowed === true).length;
  if (open.length > 0 || allowed === 0) return open;
  const reason = allowed === 1 ? 'the one call is allowed' : `all ${allowed} calls are allowed`;
  return [{ code: 'helper', subject: 'kernel functions', outcome: 'ok', certainty: host.certainty, reason }];
}

const NOT_ASKED = 'the kernel could not be asked';

/** Who may not ask is told once, not for each call. */
function inOneLine(found: readonly Finding[]): readonly Finding[] {
  const notAsked = found.filter(({ reason }) => reason === NOT_ASKED);
  if (notAsked.length === 0) return found;
  const calls = notAsked.length === 1 ? 'one call' : `${notAsked.length} calls`;
  const reason = `${NOT_ASKED} about ${calls}`;
  const about = { code: 'helper', subject: 'kernel functions' } as const;
  return [
    ...found.filter((finding) => !notAsked.includes(finding)),
    { ...about, outcome: 'unknown', certainty: 'not checked', reason },
  ];
}

function answerTo(
  { call, trial }: CheckedCall,
  host: Host,
  hasSymbol: (name: string) => boolean | undefined,
): CallAnswer | undefined {
  // Where it is weak: libbpf leaves a call that leads nowhere.
  if (call.callee.kind === 'kernelFunction' && hasSymbol(call.callee.name) === false) {
    return { allowed: false, reason: 'this kernel does not have it, and the program does not ask first' };
  }
  if (trial === undefined) return undefined;
  if (call.callee.kind === 'helper') return host.callHelper(trial, call.callee.id);
  const func = host.btf()?.find(call.callee.name, 'func');
  return func === undefined ? undefined : host.callKernelFunction(trial, func.id);
}

function openFinding(
  { program, callee, isCertain, setting }: ReachedCall,
  answer: CallAnswer | undefined,
  trial: TrialProgram | undefined,
  host: Host,
): readonly Finding[] {
  if (answer?.allowed === true) return [];
  const what = callee.kind === 'helper' ? `helper bpf_${helperName(callee.id)}` : `kernel function ${callee.name}`;
  const about = {
    code: callee.kind === 'helper' ? 'helper' : 'kernel_function',
    subject: `program "${program.name}"`,
    program: program.name,
    wants: callee.kind === 'helper' ? `bpf_${helperName(callee.id)}` : callee.name,
  } as const;
  if (answer === undefined) {
    // What the kernel does not have, or has in a module, and a place that takes no program have findings of their own.
    const isElsewhere = callee.kind === 'kernelFunction' && host.btf()?.find(callee.name, 'func') === undefined;
    if (trial === undefined || isElsewhere || host.attachable(trial)?.allowed === false) return [];
    return [{ ...about, outcome: 'unknown', certainty: 'not checked', reason: NOT_ASKED }];
  }
  const reason = `it may not call ${what} here: ${answer.reason}`;
  if (setting !== undefined) {
    const depends = `${reason}; whether the program does depends on ${setting}`;
    return [{ ...about, outcome: 'unknown', certainty: 'not checked', reason: depends }];
  }
  const certainty = isCertain ? host.certainty : 'inferred';
  return [{ ...about, outcome: 'missing', certainty, reason, cure: cureOf(answer.reason, host) }];
}

/** A kernel that is locked down takes some helpers away. @see kernel_lockdown(7) */
function cureOf(reason: string, host: Host): string {
  if (/non-GPL/.test(reason)) return 'The function is for programs under the GPL: the author has to license it so';
  if (/sleep/.test(reason)) return 'Only programs that may sleep call it: the author has to use a section with ".s"';
  if (/JIT/.test(reason)) return 'Turn the compiler on: sysctl net.core.bpf_jit_enable=1';
  const mode = host.lockdown();
  if (mode !== undefined && mode !== 'none' && /unknown func|cannot use helper/.test(reason)) {
    return `This kernel is locked down (${mode}), which forbids some helpers: boot it without lockdown, or use another kernel`;
  }
  return 'Use a kernel that has it, or a version of the package that does without it';
}
