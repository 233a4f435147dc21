import { existsSync } from 'node:fs';
import { type Binding, loadBinding } from './binding.js';
import { kernelCapabilities, missingForBpf } from './capabilities.js';
import { isNativeFailure } from './native-failure.js';
import { tryProgramType } from './trial.js';

const EPERM = 1;
const EOPNOTSUPP = 95;

/**
 * Whether the kernel takes programs of a BPF_PROG_TYPE_* number, by loading a tiny one.
 * Undefined when it cannot be told: the process lacks privilege.
 * @param expectedAttachType BPF_* number, for types that libbpf does not know and the kernel takes with one only
 * @throws EBPM_LOADER_UNAVAILABLE
 */
export function probeProgramType(type: number, expectedAttachType = 0): boolean | undefined {
  const ask = () => (lacksPrivilege() ? undefined : tryProgramType(type, expectedAttachType));
  return BY_WORDS.has(type) ? ask() : probe((binding) => binding.probeProgramType(type), ask);
}

/**
 * BPF_PROG_TYPE_TRACING, STRUCT_OPS, EXT and LSM: libbpf tells them by the words of the verifier's log, which change from kernel to kernel.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf_probes.c (probe_prog_load)
 */
const BY_WORDS: ReadonlySet<number> = new Set([26, 27, 28, 29]);

/**
 * Whether the kernel makes maps of a BPF_MAP_TYPE_* number, by making one; else as `probeProgramType`.
 * Undefined also when libbpf does not know the type.
 */
export function probeMapType(type: number): boolean | undefined {
  return probe(
    (binding) => binding.probeMapType(type),
    () => undefined,
  );
}

/** What a map is made of, beside its name. */
export interface TrialMap {
  readonly type: number;
  readonly keySizeBytes: number;
  readonly valueSizeBytes: number;
  readonly maxEntries: number;
  readonly flags: number;
}

/** Whether the kernel makes a map like that, by making it. Undefined where this process may not. @throws EBPM_LOADER_UNAVAILABLE */
export function probeMap(map: TrialMap): boolean | undefined {
  const { type, keySizeBytes, valueSizeBytes, maxEntries, flags } = map;
  const errno = loadBinding().tryMap(type, keySizeBytes, valueSizeBytes, maxEntries, flags);
  if (errno === 0) return true;
  return errno === EPERM || lacksPrivilege() ? undefined : false;
}

/** Whether the kernel carries its own type information, as CO-RE, fentry and LSM programs need. */
export function hasKernelBtf(): boolean {
  return existsSync('/sys/kernel/btf/vmlinux');
}

/** The version of the libbpf in use, e.g. `v1.1`. @throws EBPM_LOADER_UNAVAILABLE */
export function libbpfVersion(): string {
  return loadBinding().libbpfVersion();
}

/** Whether that libbpf is the system's or inside the addon. @throws EBPM_LOADER_UNAVAILABLE */
export function libbpfLinkage(): 'shared' | 'static' {
  return loadBinding().libbpfLinkage();
}

function probe(ask: (binding: Binding) => boolean, unknown: () => boolean | undefined): boolean | undefined {
  try {
    // For libbpf a refusal for want of privilege is a "no" like any other.
    return ask(loadBinding()) || (lacksPrivilege() ? undefined : false);
  } catch (error) {
    if (!isNativeFailure(error)) throw error;
    if (error.errno === EOPNOTSUPP) return unknown();
    // For some types of maps libbpf makes a BTF first, and says that it may not.
    if (error.errno === EPERM && lacksPrivilege()) return undefined;
    throw error;
  }
}

function lacksPrivilege(): boolean {
  return missingForBpf(kernelCapabilities()).length > 0;
}
