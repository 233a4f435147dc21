import { EbpmError } from '@ebpm/formats';
import { held } from './attach-by-section.js';
import { pathTarget, pidTarget } from './find-target.js';
import { findUserFile } from './find-user-file.js';
import { functionOffsets } from './function-offsets.js';
import { KERNEL_FEATURES } from './kernel-features.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * Many functions of a program or library at once: `uprobe.multi/PATH:PATTERN`, and their returns: `uretprobe.multi/PATH:PATTERN`.
 * `--target-path` names another file, `--target-pid` narrows it to one process.
 *
 * Needs Linux 6.6 (`BPF_TRACE_UPROBE_MULTI`). Errors: EBPM_NOT_SUPPORTED, EBPM_ATTACH_TARGET_MISSING where nothing matches.
 * @see https://github.com/torvalds/linux/blob/v6.6/include/uapi/linux/bpf.h
 */
export const UPROBE_MULTI: ProgramType = {
  name: 'uprobe.multi',
  sections: ['uprobe.multi/PATH:PATTERN', 'uretprobe.multi/PATH:PATTERN'],
  prefixes: ['uprobe.multi', 'uretprobe.multi', 'uprobe.multi.s', 'uretprobe.multi.s'],
  minimumKernel: '6.6',
  targets: ['path', 'pid'],
  feature: KERNEL_FEATURES.uprobeMulti,
  attach,
};

/** BPF_F_UPROBE_MULTI_RETURN (include/uapi/linux/bpf.h). */
const ON_RETURN = 1;

function attach(request: AttachRequest): Attachment {
  const { native, program, kind } = request;
  if (kind.attach?.kind !== 'user_pattern') throw missing(request, 'its section names no pattern');
  const file = pathTarget(request) ?? findUserFile(kind.attach.path);
  if (file === undefined) throw missing(request, `there is no file "${kind.attach.path}"`);
  const offsets = functionOffsets(file, kind.attach.pattern);
  if (offsets.length === 0) throw missing(request, `no function of "${file}" matches "${kind.attach.pattern}"`);
  const flags = kind.prefix.startsWith('uret') ? ON_RETURN : 0;
  const pid = pidTarget(request) ?? 0;
  const link = native.attachUprobeMulti(program.name, kind.expectedAttachType, file, offsets, flags, pid);
  return held(link, `${offsets.length} functions of ${file}${pid === 0 ? '' : ` in process ${pid}`}`);
}

function missing({ program }: AttachRequest, reason: string): EbpmError {
  return new EbpmError(
    'EBPM_ATTACH_TARGET_MISSING',
    `Cannot attach "${program.name}" to ${program.section}: ${reason}`,
    { data: { program: program.name, section: program.section } },
  );
}
