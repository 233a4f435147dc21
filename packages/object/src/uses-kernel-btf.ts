import type { BpfObject } from './bpf-object.js';
import { programKind } from './program-kind.js';
import type { ProgramType } from './program-types.js';

/**
 * How much of the kernel's BTF libbpf needs for an object: none; what its CO-RE relocations ask for, which a minimal BTF
 * can give; or the real one, since ids of its types go to the kernel (programs that are attached by BTF, kernel functions
 * and variables, `bpf_core_type_id_kernel`) or since what is asked for has no name to look for.
 */
export function usesKernelBtf({ programs, externs, coreRelocations, btf }: BpfObject): 'no' | 'for_core' | 'itself' {
  const relocations = coreRelocations.filter(({ kind }) => kind !== 'type_id_local');
  const needsIds =
    programs.some(({ section }) => NEEDS_IDS.has(programKind(section)?.type ?? 'unspec')) ||
    externs.some(({ section }) => section === '.ksyms') ||
    relocations.some(({ kind, typeId }) => kind === 'type_id_target' || (btf?.type(typeId).name ?? '') === '');
  if (needsIds) return 'itself';
  return relocations.length === 0 ? 'no' : 'for_core';
}

/** What is attached to a type or function of the kernel's BTF; a section that says nothing may become any of these. */
const NEEDS_IDS: ReadonlySet<ProgramType> = new Set(['tracing', 'lsm', 'struct_ops', 'ext', 'unspec']);
