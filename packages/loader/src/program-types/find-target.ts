import { constants } from 'node:os';
import { EbpmError } from '@ebpm/formats';
import { loadBinding } from '../binding.js';
import type { ProgramInfo } from '../object-info.js';
import type { TargetKind } from '../targets.js';
import type { AttachRequest } from './program-type.js';

const EXAMPLES: Readonly<Record<TargetKind, { readonly noun: string; readonly value: string }>> = {
  ifname: { noun: 'an interface', value: 'eth0' },
  cgroup: { noun: 'a cgroup', value: '/sys/fs/cgroup/system.slice' },
  pid: { noun: 'a process', value: '1234' },
  path: { noun: 'a program or library', value: '/bin/bash' },
};

/** The error for a target that neither the package nor a flag names. */
export function targetMissing({ name, section }: ProgramInfo, kind: TargetKind): EbpmError {
  const { noun, value } = EXAMPLES[kind];
  return new EbpmError(
    'EBPM_TARGET_MISSING',
    `Cannot attach "${name}" to ${section}: it needs ${noun}, and the package names none`,
    { hint: `ebpm run --target-${kind} ${value} ...`, data: { program: name, section, flag: `--target-${kind}` } },
  );
}

/** The number of the interface that a flag names, or else the package. @throws EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING */
export function interfaceTarget({ program, settings, targets }: AttachRequest): number {
  const wanted = targets.ifname ?? settings.target?.ifname;
  if (wanted === undefined) throw targetMissing(program, 'ifname');
  const ifindex = /^[0-9]{1,9}$/.test(wanted) ? Number(wanted) : loadBinding().interfaceIndex(wanted);
  if (ifindex > 0) return ifindex;
  throw new EbpmError(
    'EBPM_ATTACH_TARGET_MISSING',
    `Cannot attach "${program.name}" to ${program.section}: interface "${wanted}" does not exist`,
    {
      hint: 'ip link shows the interfaces there are',
      data: { errno: constants.errno.ENODEV, program: program.name, section: program.section },
    },
  );
}

/** The folder of the cgroup that a flag names, or else the package. @throws EBPM_TARGET_MISSING */
export function cgroupTarget({ program, settings, targets }: AttachRequest): string {
  const path = targets.cgroup ?? settings.target?.cgroup;
  if (path === undefined) throw targetMissing(program, 'cgroup');
  return path;
}

/** The process that a flag names, or else the package. */
export function pidTarget({ settings, targets }: AttachRequest): number | undefined {
  return targets.pid ?? settings.target?.pid;
}

/** The file that a flag names, or else the package. */
export function pathTarget({ settings, targets }: AttachRequest): string | undefined {
  return targets.path ?? settings.target?.path;
}
