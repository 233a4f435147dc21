import type { CallAnswer } from '@ebpm/loader';
import { type BtfEnum, type OpenBtf, openBtf } from '@ebpm/object';
import type { Host } from './host.js';

/**
 * A machine of which only the kernel's BTF is known. What its kernel has is inferred: values of the enums of the eBPF interface for program types,
 * map types and helpers, functions and tracepoints that have types. What has none may be there all the same.
 */
export function hostOfBtf(bytes: Uint8Array): Host {
  const btf = openBtf(bytes);
  const programTypes = numbersOf(btf, 'bpf_prog_type');
  const mapTypes = numbersOf(btf, 'bpf_map_type');
  const helpers = numbersOf(btf, 'bpf_func_id');
  const hasFunction = (symbol: string) => btf.find(symbol, 'func') !== undefined || undefined;
  return {
    certainty: 'inferred',
    btf: () => btf,
    moduleBtfs: () => [],
    settings: () => new Map(),
    config: () => undefined,
    hasFunction,
    hasTracepoint: (category, event) =>
      category === 'syscalls'
        ? hasSystemCall(btf, event)
        : btf.find(`btf_trace_${event}`, 'typedef') !== undefined || undefined,
    tracepointFormat: () => undefined,
    hasSymbol: (symbol) => btf.find(symbol, 'func', 'var') !== undefined || undefined,
    hasTraceable: () => undefined,
    isForbidden: () => undefined,
    hasFile: () => undefined,
    hasUserFunction: () => undefined,
    programType: (type) => programTypes?.has(type),
    mapType: (type) => mapTypes?.has(type),
    map: () => undefined,
    callHelper: (_, helper) => helperAnswer(helpers?.has(helper)),
    callKernelFunction: () => ({ allowed: true }),
    attachable: () => undefined,
    feature: () => undefined,
    tracing: undefined,
    capabilities: undefined,
    lockdown: () => undefined,
    memlockBytes: () => undefined,
  };
}

/** A kernel that knows a helper need not give it to every type of program. */
function helperAnswer(isKnown: boolean | undefined): CallAnswer | undefined {
  if (isKnown === undefined) return undefined;
  return isKnown ? { allowed: true } : { allowed: false, reason: 'it has no such helper' };
}

/** Each system call has a function for each way of calling it. */
function hasSystemCall(btf: OpenBtf, event: string): true | undefined {
  const name = /^sys_(?:enter|exit)_(\w+)$/.exec(event)?.[1];
  const functions = ['__x64_sys_', '__arm64_sys_', '__do_sys_', '__se_sys_'].map((prefix) => `${prefix}${name}`);
  return functions.some((one) => btf.find(one, 'func') !== undefined) || undefined;
}

/** The numbers of an enum of the eBPF interface, as this kernel has it. */
export function numbersOf(btf: OpenBtf, name: string): ReadonlySet<number> | undefined {
  const found = btf.find(name, 'enum') as BtfEnum | undefined;
  // The last one is a count: it stands for no type.
  const values = found?.values.filter((value) => !value.name.startsWith('__'));
  return values === undefined ? undefined : new Set(values.map(({ value }) => Number(value)));
}
