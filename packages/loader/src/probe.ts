import { existsSync } from 'node:fs';
import { type Binding, loadBinding } from './binding.js';
import { effectiveCapabilities, missingForBpf } from './capabilities.js';
import { isNativeFailure } from './native-failure.js';

const EOPNOTSUPP = 95;

/**
 * Whether the kernel takes programs of a BPF_PROG_TYPE_* number, by loading a tiny one.
 * Undefined when it cannot be told: the process lacks privilege, or libbpf does not know the type.
 * @throws EBPM_LOADER_UNAVAILABLE
 */
export function probeProgramType(type: number): boolean | undefined {
  return probe((binding) => binding.probeProgramType(type));
}

/** Whether the kernel makes maps of a BPF_MAP_TYPE_* number, by making one; else as `probeProgramType`. */
export function probeMapType(type: number): boolean | undefined {
  return probe((binding) => binding.probeMapType(type));
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

function probe(ask: (binding: Binding) => boolean): boolean | undefined {
  try {
    // For libbpf a refusal for want of privilege is a "no" like any other.
    return ask(loadBinding()) || (missingForBpf(effectiveCapabilities()).length > 0 ? undefined : false);
  } catch (error) {
    if (isNativeFailure(error) && error.errno === EOPNOTSUPP) return undefined;
    throw error;
  }
}
