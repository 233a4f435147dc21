import type { CallAnswer, Capability, FeatureAnswer, TracingSupport, TrialMap, TrialProgram } from '@ebpm/loader';
import type { OpenBtf, ProgramKind } from '@ebpm/object';
import type { Certainty } from './finding.js';
import type { KernelConfig } from './kernel-config.js';

/** What `check` asks of a machine: `thisHost` is this one, `hostOfBtf` one of which only the kernel's types are known. */
export interface Host {
  /** How sure its answers are. */
  readonly certainty: Extract<Certainty, 'probed' | 'inferred'>;
  /** The kernel's types; undefined where it has none. */
  btf(): OpenBtf | undefined;
  /** The types of the kernel's modules that have one of some names. */
  moduleBtfs(names: readonly string[]): readonly OpenBtf[];
  /** What programs can ask of the kernel by `__kconfig` that is not in its configuration, as far as it is known. */
  settings(): ReadonlyMap<string, bigint>;
  /** The configuration that the kernel was built with; undefined where nobody can read it. */
  config(): KernelConfig | undefined;
  /** Whether tracefs shows a tracepoint; undefined where it cannot be looked at. */
  hasTracepoint(category: string, event: string): boolean | undefined;
  /** The text of a tracepoint's format; undefined where it cannot be read. */
  tracepointFormat(category: string, event: string): string | undefined;
  /** Whether the kernel has a function of that name; undefined where its symbols cannot be looked at. */
  hasFunction(symbol: string): boolean | undefined;
  /** Whether the kernel has a symbol of that name, function or variable; undefined as above. */
  hasSymbol(symbol: string): boolean | undefined;
  /** Whether ftrace can hook a function that matches a pattern (`*`, `?`); undefined where the list cannot be read. */
  hasTraceable(pattern: string): boolean | undefined;
  /** Whether the kernel has put a function on the list of those that no kprobe may stand in; undefined where it is hidden. */
  isForbidden(symbol: string): boolean | undefined;
  /** Undefined where nobody can look. */
  hasFile(path: string): boolean | undefined;
  /** Whether a function of a program or library exists; a name without a slash is looked for in the usual places. */
  hasUserFunction(path: string, pattern: string): boolean | undefined;
  /** Whether the kernel takes programs of that kind; undefined where this process may not ask. */
  programType(type: number, expectedAttachType: number): boolean | undefined;
  /** Whether the kernel makes maps of that BPF_MAP_TYPE_* number; undefined where this process may not ask. */
  mapType(type: number): boolean | undefined;
  /** Whether the kernel makes a map like that; undefined where this process may not ask. */
  map(map: TrialMap): boolean | undefined;
  /** Whether a program like that may call a helper, by its number; undefined where that cannot be told. */
  callHelper(program: TrialProgram, helper: number): CallAnswer | undefined;
  /** Whether a program like that may call a function of the kernel, by its id in the kernel's own BTF; undefined as above. */
  callKernelFunction(program: TrialProgram, btfId: number): CallAnswer | undefined;
  /** Whether the kernel lets a program like that be attached there at all; undefined as above. */
  attachable(program: TrialProgram): CallAnswer | undefined;
  /** What a kind of program needs of the kernel beside its type; undefined where it needs nothing, or that cannot be told. */
  feature(kind: ProgramKind): FeatureAnswer | undefined;
  /** Undefined where nobody can look. */
  readonly tracing: TracingSupport | undefined;
  /** Those of this process that count for eBPF; undefined where it is another machine that the package is for. */
  readonly capabilities: ReadonlySet<Capability> | undefined;
  /** How far the kernel is locked down, as kernel_lockdown(7) has it: `none`, `integrity`, `confidentiality`; undefined where hidden. */
  lockdown(): string | undefined;
  /** Bytes that this process may lock in memory; undefined where there is no limit. */
  memlockBytes(): number | undefined;
}
