import { existsSync, readdirSync } from 'node:fs';
import { type BpfObject, coreRoots, usesKernelBtf } from '@ebpm/object';
import { loadBinding, type NativeMinimalBtf } from './binding.js';

const BTF_FOLDER = '/sys/kernel/btf';
const VMLINUX = `${BTF_FOLDER}/vmlinux`;

/**
 * What libbpf needs of this kernel's BTF for an object, some hundred bytes to 20 KB of 5 MB, most of which it would read for
 * nothing; undefined where it needs the real one, or none.
 */
export function minimalKernelBtf(object: BpfObject): Uint8Array | undefined {
  if (usesKernelBtf(object) !== 'for_core') return undefined;
  const minimal = minimalBtf(VMLINUX, object);
  if (minimal === undefined) return undefined;
  // What the kernel lacks may be in a module: only without a minimal BTF does libbpf look there.
  return minimal.missing.length === 0 || !hasModuleBtf() ? minimal.bytes : undefined;
}

/**
 * This kernel's BTF; undefined where it has none. They may be the kernel's own pages: writing to them ends the process. Where it cannot be
 * mapped, sysfs gives a page at a time to who reads it, which takes Node 1,300 calls.
 * @throws EBPM_LOADER_UNAVAILABLE
 */
export function kernelBtf(): Uint8Array | undefined {
  return existsSync(VMLINUX) ? loadBinding().readKernelBtf(VMLINUX) : undefined;
}

/**
 * Cuts a kernel's BTF down to the types that decide how an object's CO-RE relocations resolve; undefined where it is none that
 * can be read. What it cannot serve is said by `usesKernelBtf`.
 * @param kernel bytes, or the path of what the kernel says of itself
 */
export function minimalBtf(kernel: string | Uint8Array, object: BpfObject): NativeMinimalBtf | undefined {
  const roots = [...coreRoots(object)];
  const kinds = roots.map(([, numbers]) => [...numbers].reduce((bits, number) => bits | (1 << number), 0));
  return loadBinding().minimalBtf(
    kernel,
    roots.map(([name]) => name),
    kinds,
  );
}

/** Whether a module has BTF beside the kernel's. */
function hasModuleBtf(): boolean {
  return readdirSync(BTF_FOLDER).some((name) => name !== 'vmlinux');
}
