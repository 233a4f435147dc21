import type { TrialProgram } from '@ebpm/loader';
import type { AttachTarget, OpenBtf, ProgramKind } from '@ebpm/object';
import type { Finding } from './finding.js';
import type { Host } from './host.js';
import { SYSTEM_CALL_PREFIX } from './kernel-settings.js';

/** What a look for an attach target gives; the caller adds which program it is about. */
type Target = Pick<Finding, 'outcome' | 'certainty' | 'reason' | 'cure'>;

/** Looks whether the thing that a program attaches to is there; undefined where its section names none. */
export function checkTarget(kind: ProgramKind, host: Host): Target | undefined {
  const { attach } = kind;
  if (attach === undefined) return undefined;
  switch (attach.kind) {
    case 'tracepoint':
      return tracepoint(attach, host);
    case 'kernel_function':
      return kernelFunction(attach.symbol, host);
    case 'kernel_pattern':
      return kernelPattern(attach.pattern, host);
    case 'syscall':
      return kernelFunction(`${SYSTEM_CALL_PREFIX}${attach.syscall}`, host);
    case 'traced_function':
      return tracedFunction(attach, host);
    case 'raw_tracepoint':
      return typed(`btf_trace_${attach.event}`, 'typedef', `raw tracepoint "${attach.event}"`, host);
    case 'lsm_hook':
      return typed(`bpf_lsm_${attach.hook}`, 'func', `LSM hook "${attach.hook}"`, host);
    case 'iterator':
      return typed(`bpf_iter_${attach.iterator}`, 'func', `iterator "${attach.iterator}"`, host);
    case 'user_function':
      return userFunction(attach.path, attach.symbol, host);
    case 'user_pattern':
      return userFunction(attach.path, attach.pattern, host);
    case 'usdt':
      return userFunction(attach.path, undefined, host);
    case 'struct_ops_member':
      // Its table has a finding of its own.
      return undefined;
    default:
      return notChecked();
  }
}

function tracepoint({ category, event }: AttachTarget & { kind: 'tracepoint' }, host: Host): Target {
  const what = `tracepoint "${category}/${event}"`;
  const found = host.hasTracepoint(category, event);
  if (found === undefined && host.tracing === undefined) return unknown(`${what}: BTF does not tell`);
  if (found === undefined) {
    const cure = host.tracing?.tracefs ? 'Ask as root' : 'Mount it: mount -t tracefs tracefs /sys/kernel/tracing';
    return { outcome: 'unknown', certainty: 'not checked', reason: `${what}: tracefs cannot be read`, cure };
  }
  return found ? ok(host.certainty, `${what} is there`) : missing(host.certainty, `this kernel has no ${what}`);
}

function kernelFunction(symbol: string, host: Host): Target {
  if (host.tracing?.kprobes === false)
    return missing('probed', 'this kernel has no kprobes', 'Use a kernel with CONFIG_KPROBE_EVENTS');
  const found = host.hasFunction(symbol);
  if (found === undefined) {
    const why = host.tracing === undefined ? 'BTF does not tell' : '/proc/kallsyms is hidden';
    return unknown(`function "${symbol}": ${why}`);
  }
  if (!found) return missing(host.certainty, `this kernel has no function "${symbol}"`);
  if (host.isForbidden(symbol) === true) {
    return missing(
      'probed',
      `no kprobe may stand in function "${symbol}"`,
      'Use a version of the package that probes another',
    );
  }
  // That a function is there does not say that a kprobe is allowed in it.
  return ok('inferred', `function "${symbol}" is there`);
}

function kernelPattern(pattern: string, host: Host): Target {
  const found = host.hasTraceable(pattern);
  if (found === undefined) return unknown(`functions "${pattern}": tracefs does not list them`);
  return found
    ? ok('probed', `functions "${pattern}" are there`)
    : missing('probed', `this kernel has no function that matches "${pattern}"`);
}

function tracedFunction({ symbol, module }: AttachTarget & { kind: 'traced_function' }, host: Host): Target {
  const target = typed(symbol, 'func', `function "${symbol}"`, host);
  if (module !== undefined || target.outcome !== 'ok' || host.hasTraceable(symbol) !== false) return target;
  return missing(
    'probed',
    `ftrace cannot hook function "${symbol}"`,
    'Use a version of the package that hooks another',
  );
}

function typed(name: string, kind: 'func' | 'typedef', what: string, host: Host): Target {
  const btf = host.btf();
  if (btf === undefined) return missing('probed', `${what} needs kernel BTF, and this kernel has none`, BTF_CURE);
  const has = (types: OpenBtf) => types.find(name, kind) !== undefined;
  const isThere = has(btf) || host.moduleBtfs([name]).some(has);
  if (isThere) return ok('inferred', `${what} is there`);
  // Of another kernel the types of modules are not known; hooks and iterators are in the kernel itself.
  const mayBeInModule = host.certainty === 'inferred' && !name.startsWith('bpf_');
  return mayBeInModule
    ? unknown(`${what}: BTF does not tell`)
    : missing(host.certainty, `this kernel's BTF has no ${what}`);
}

/** @param pattern undefined where it is a place that no symbol stands for */
function userFunction(path: string, pattern: string | undefined, host: Host): Target {
  if (host.tracing?.uprobes === false)
    return missing('probed', 'this kernel has no uprobes', 'Use a kernel with CONFIG_UPROBE_EVENTS');
  const isThere = host.hasFile(path);
  if (isThere === undefined) return notChecked();
  if (!isThere) return missing('probed', `there is no file "${path}"`);
  if (pattern === undefined || host.hasUserFunction(path, pattern) !== false)
    return ok('inferred', `"${path}" is there`);
  return missing(
    'probed',
    `"${path}" has no function "${pattern}"`,
    'Name another file: ebpm run --target-path PATH ...',
  );
}

/** What a kind of program needs of the kernel beside its type, where the kernel does not have it. */
export function lackingFeature(kind: ProgramKind, host: Host): Target | undefined {
  const answer = host.feature(kind);
  if (answer?.supported !== false) return undefined;
  const cure =
    kind.type === 'lsm' ? 'Boot with bpf in the list of security modules: lsm=...,bpf' : 'Use a kernel that has it';
  return missing('probed', `this kernel does not have what ${kind.prefix} needs: ${answer.proof}`, cure);
}

/** Why the kernel takes no program of that kind there. */
export function refusedThere(trial: TrialProgram | undefined, host: Host): Target | undefined {
  const answer = trial === undefined || !isJudged(trial) ? undefined : host.attachable(trial);
  if (answer?.allowed !== false) return undefined;
  const reason = `the kernel takes no such program there: ${answer.reason}`;
  return missing(host.certainty, reason, 'Use another kernel, or a version of the package that attaches elsewhere');
}

/** A trial says something of a program's place where that is in BTF, and of whether such a program may sleep. */
function isJudged({ attachBtfId, sleepable }: TrialProgram): boolean {
  return attachBtfId > 0 || sleepable;
}

/** What to do where a kernel has no BTF. */
export const BTF_CURE = 'Use a kernel with CONFIG_DEBUG_INFO_BTF, or name its BTF file in BTF_FILE_PATH';

function notChecked(): Target {
  return unknown('its attach target cannot be looked for');
}

function unknown(reason: string): Target {
  return { outcome: 'unknown', certainty: 'not checked', reason };
}

function ok(certainty: Finding['certainty'], reason: string): Target {
  return { outcome: 'ok', certainty, reason };
}

function missing(certainty: Finding['certainty'], reason: string, cure?: string): Target {
  return { outcome: 'missing', certainty, reason, ...(cure === undefined ? {} : { cure }) };
}
