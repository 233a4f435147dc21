import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  type Capability,
  effectiveCapabilities,
  probeMapType,
  probeProgramType,
  type TracingSupport,
  tracingSupport,
} from '@ebpm/loader';
import { type OpenBtf, openBtf, openModuleBtf } from '@ebpm/object';
import type { Certainty } from './finding.js';
import { kernelSettings } from './kernel-settings.js';

/** What `check` asks of a machine: `thisHost` is this one, `hostOfBtf` one of which only the kernel's types are known. */
export interface Host {
  /** How sure its answers are. */
  readonly certainty: Extract<Certainty, 'probed' | 'inferred'>;
  /** The kernel's types; undefined where it has none. */
  btf(): OpenBtf | undefined;
  /** The types of the kernel's modules that have one of some names. */
  moduleBtfs(names: readonly string[]): readonly OpenBtf[];
  /** What programs can ask of the kernel by `__kconfig`, as far as it is known. */
  settings(): ReadonlyMap<string, bigint>;
  /** Whether tracefs shows a tracepoint; undefined where it cannot be looked at. */
  hasTracepoint(category: string, event: string): boolean | undefined;
  /** Whether the kernel has a function of that name; undefined where its symbols cannot be looked at. */
  hasFunction(symbol: string): boolean | undefined;
  /** Undefined where nobody can look. */
  hasFile(path: string): boolean | undefined;
  /** Whether the kernel takes programs of that BPF_PROG_TYPE_* number; undefined where this process may not ask. */
  programType(type: number): boolean | undefined;
  /** Whether the kernel makes maps of that BPF_MAP_TYPE_* number; undefined where this process may not ask. */
  mapType(type: number): boolean | undefined;
  /** Undefined where nobody can look. */
  readonly tracing: TracingSupport | undefined;
  /** Those of this process that matter to eBPF; undefined where it is another machine that the package is for. */
  readonly capabilities: ReadonlySet<Capability> | undefined;
}

/** Where kernels show their types, and those of their modules. */
const BTF_FOLDER = '/sys/kernel/btf';
const KERNEL_BTF = `${BTF_FOLDER}/vmlinux`;
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
  const bytes = once(() => givenBtf ?? (existsSync(KERNEL_BTF) ? readFileSync(KERNEL_BTF) : undefined));
  const btf = once(() => {
    const kernel = bytes();
    return kernel === undefined ? undefined : openBtf(kernel);
  });
  const functions = once(() => {
    const names = new Set(Array.from(readFileSync('/proc/kallsyms', 'utf8').matchAll(TEXT_SYMBOL), ([, name]) => name));
    return names.size > 0 ? names : undefined;
  });
  return {
    certainty: 'probed',
    btf,
    moduleBtfs(names) {
      const kernel = bytes();
      // libbpf, too, looks in modules only where it uses the kernel's own.
      return kernel === undefined || givenBtf !== undefined ? [] : moduleBtfs(kernel, names);
    },
    settings: kernelSettings,
    hasTracepoint: (category, event) =>
      tracefs === undefined ? undefined : existsSync(`${tracefs}/events/${category}/${event}`),
    // The types are at hand, the symbols take some 100 ms to read.
    hasFunction: (symbol) => btf()?.find(symbol, 'func') !== undefined || functions()?.has(symbol),
    hasFile: existsSync,
    programType: probeProgramType,
    mapType: probeMapType,
    tracing: tracingSupport(),
    capabilities: effectiveCapabilities(),
  };
}

function moduleBtfs(kernel: Uint8Array, names: readonly string[]): readonly OpenBtf[] {
  return readdirSync(BTF_FOLDER)
    .filter((file) => file !== 'vmlinux')
    .map((file) => readFileSync(`${BTF_FOLDER}/${file}`))
    .filter((module) => names.some((name) => module.includes(`\0${name}`)))
    .map((module) => openModuleBtf(kernel, module));
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
