import type { AttachTarget, OpenBtf, ProgramKind } from '@ebpm/object';
import type { Finding } from './finding.js';
import type { Host } from './host.js';

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
    case 'traced_function':
      return attach.module === undefined
        ? typed(attach.symbol, 'func', `function "${attach.symbol}"`, host)
        : notChecked();
    case 'raw_tracepoint':
      return typed(`btf_trace_${attach.event}`, 'typedef', `raw tracepoint "${attach.event}"`, host);
    case 'lsm_hook':
      return typed(`bpf_lsm_${attach.hook}`, 'func', `LSM hook "${attach.hook}"`, host);
    case 'iterator':
      return typed(`bpf_iter_${attach.iterator}`, 'func', `iterator "${attach.iterator}"`, host);
    case 'user_function':
      return userFile(attach, host);
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
  // That a function is there says nothing of whether kprobes are allowed on it.
  return found
    ? ok('inferred', `function "${symbol}" is there`)
    : missing(host.certainty, `this kernel has no function "${symbol}"`);
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

/** A name without a slash is looked for in the library path by libbpf: that is not repeated here. */
function userFile({ path }: AttachTarget & { kind: 'user_function' }, host: Host): Target {
  if (host.tracing?.uprobes === false)
    return missing('probed', 'this kernel has no uprobes', 'Use a kernel with CONFIG_UPROBE_EVENTS');
  const isThere = path.startsWith('/') ? host.hasFile(path) : undefined;
  if (isThere === undefined) return notChecked();
  return isThere ? ok('inferred', `"${path}" is there`) : missing('probed', `there is no file "${path}"`);
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
