import type { TrialProgram } from '@ebpm/loader';
import { type BpfProgram, type OpenBtf, type ProgramKind, programKind, type StructOpsTable } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import type { Host } from './host.js';

/** Programs that the kernel takes only together with their place in its BTF. */
const BY_BTF: ReadonlySet<ProgramKind['type']> = new Set(['tracing', 'lsm', 'struct_ops', 'ext']);

/**
 * What a trial program has to be like to be treated as a program of the package; undefined where that cannot be said: the place it is
 * attached to is not in the kernel's own BTF, or is another program.
 */
export function trialProgram(
  { object }: RunnablePackage,
  program: BpfProgram,
  host: Host,
  tables: readonly StructOpsTable[],
): TrialProgram | undefined {
  const kind = programKind(program.section);
  if (kind === undefined) return undefined;
  const license = object.license ?? '';
  const about = { type: kind.typeNumber, sleepable: kind.sleepable, license };
  if (!BY_BTF.has(kind.type)) return { ...about, expectedAttachType: kind.expectedAttachType, attachBtfId: 0 };
  const kernel = host.btf();
  if (kernel === undefined) return undefined;
  if (kind.type === 'struct_ops') {
    const place = structOpsPlace(program, kernel, tables);
    return place === undefined ? undefined : { ...about, ...place };
  }
  const attachBtfId = placeInBtf(kind, kernel);
  return attachBtfId === undefined ? undefined : { ...about, expectedAttachType: kind.expectedAttachType, attachBtfId };
}

/** The id of what a program is attached to, as libbpf looks it up. */
function placeInBtf({ attach }: ProgramKind, kernel: OpenBtf): number | undefined {
  switch (attach?.kind) {
    case 'traced_function':
      return attach.module === undefined ? kernel.find(attach.symbol, 'func')?.id : undefined;
    case 'raw_tracepoint':
      return kernel.find(`btf_trace_${attach.event}`, 'typedef')?.id;
    case 'lsm_hook':
      return kernel.find(`bpf_lsm_${attach.hook}`, 'func')?.id;
    case 'iterator':
      return kernel.find(`bpf_iter_${attach.iterator}`, 'func')?.id;
    default:
      return undefined;
  }
}

/** A table's type, and which of its members a program stands in for. */
function structOpsPlace(
  { name }: BpfProgram,
  kernel: OpenBtf,
  tables: readonly StructOpsTable[],
): Pick<TrialProgram, 'attachBtfId' | 'expectedAttachType'> | undefined {
  for (const { type, members } of tables) {
    const member = members.find(({ program }) => program === name);
    const struct = kernel.find(type, 'struct');
    if (member === undefined || struct?.kind !== 'struct') continue;
    const expectedAttachType = struct.members.findIndex((one) => one.name === member.name);
    if (expectedAttachType >= 0) return { attachBtfId: struct.id, expectedAttachType };
  }
  return undefined;
}
