import { existsSync, readFileSync } from 'node:fs';
import {
  type Capability,
  effectiveCapabilities,
  probeMapType,
  probeProgramType,
  type TracingSupport,
  tracingSupport,
} from '@ebpm/loader';
import { type Btf, readBtf } from '@ebpm/object';

/** What `check` asks of a machine. `thisHost` is the real one. */
export interface Host {
  /** The kernel's types; undefined where it has none. */
  btf(): Btf | undefined;
  /** Whether tracefs shows a tracepoint; undefined where it cannot be looked at. */
  hasTracepoint(category: string, event: string): boolean | undefined;
  /** Whether the kernel has a function of that name; undefined where its symbols cannot be looked at. */
  hasFunction(symbol: string): boolean | undefined;
  hasFile(path: string): boolean;
  /** Whether the kernel takes programs of that BPF_PROG_TYPE_* number; undefined where this process may not ask. */
  programType(type: number): boolean | undefined;
  /** Whether the kernel makes maps of that BPF_MAP_TYPE_* number; undefined where this process may not ask. */
  mapType(type: number): boolean | undefined;
  readonly tracing: TracingSupport;
  /** Those of this process that matter to eBPF. */
  readonly capabilities: ReadonlySet<Capability>;
}

/** Where kernels show their types. */
const KERNEL_BTF = '/sys/kernel/btf/vmlinux';
/** tracefs has its own place since Linux 4.1; the second is where debugfs shows it. */
const TRACEFS = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];
/** Functions of kernel text in /proc/kallsyms: `address type name`, with a module's name behind. */
const TEXT_SYMBOL = /^[0-9a-f]+ [tTwW] (\S+)/gm;

/**
 * The machine that this process runs on. What is asked twice is read once.
 *
 * @param givenBtf what stands for the kernel's own types
 */
export function thisHost(givenBtf?: Uint8Array): Host {
  const tracefs = TRACEFS.find((folder) => existsSync(`${folder}/events`));
  const btf = once(() => {
    const bytes = givenBtf ?? (existsSync(KERNEL_BTF) ? readFileSync(KERNEL_BTF) : undefined);
    return bytes === undefined ? undefined : readBtf(bytes);
  });
  const functions = once(() => {
    const names = new Set(Array.from(readFileSync('/proc/kallsyms', 'utf8').matchAll(TEXT_SYMBOL), ([, name]) => name));
    return names.size > 0 ? names : undefined;
  });
  return {
    btf,
    hasTracepoint: (category, event) =>
      tracefs === undefined ? undefined : existsSync(`${tracefs}/events/${category}/${event}`),
    hasFunction: (symbol) => functions()?.has(symbol),
    hasFile: existsSync,
    programType: probeProgramType,
    mapType: probeMapType,
    tracing: tracingSupport(),
    capabilities: effectiveCapabilities(),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
