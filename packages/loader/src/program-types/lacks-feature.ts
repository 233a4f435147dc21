import type { EbpmError } from '@ebpm/formats';
import { type ProgramKind, programKind } from '@ebpm/object';
import { notSupported } from '../not-supported.js';
import type { ProgramInfo } from '../object-info.js';
import { probeProgramType } from '../probe.js';
import { programTypeOf } from './all.js';
import type { KernelFeature } from './kernel-features.js';

/**
 * The error for a program that did not load, when the reason is that this kernel does not have what it needs; undefined when that is
 * not the reason, or cannot be told.
 */
export function lacksFeature(program: ProgramInfo, objectName: string, cause: unknown): EbpmError | undefined {
  const kind = programKind(program.section);
  const row = kind === undefined ? undefined : programTypeOf(kind);
  if (kind === undefined || row === undefined) return undefined;
  const feature = row.feature ?? programTypeFeature(kind, row.minimumKernel);
  const answer = feature?.probe();
  if (feature === undefined || answer?.supported !== false) return undefined;
  return notSupported(`Cannot load program "${program.name}" of "${objectName}"`, feature, answer, cause);
}

/** libbpf tells these by the words of the verifier's log, which change from kernel to kernel. */
const PROBED_BY_WORDS: readonly ProgramKind['type'][] = ['tracing', 'lsm', 'ext', 'struct_ops'];

function programTypeFeature({ type, typeNumber }: ProgramKind, minimumKernel: string): KernelFeature | undefined {
  if (PROBED_BY_WORDS.includes(type)) return undefined;
  return {
    name: `program type ${type}`,
    minimumKernel,
    probe: () => {
      const supported = probeProgramType(typeNumber);
      return supported === undefined ? undefined : { supported, proof: `a trial program of type ${type} was refused` };
    },
  };
}
