import { attachBySection, held } from './attach-by-section.js';
import { pathTarget, pidTarget, targetMissing } from './find-target.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * A static point of a program or library: `usdt/PATH:PROVIDER:NAME`. `--target-path` names another file, `--target-pid` narrows it
 * to one process.
 *
 * Needs Linux 4.3 with CONFIG_UPROBE_EVENTS; points that are switched on by a semaphore 4.20. Errors: EBPM_TARGET_MISSING,
 * EBPM_ATTACH_TARGET_MISSING where there is no such file or point.
 * @see https://github.com/torvalds/linux/blob/v4.20/kernel/events/uprobes.c (ref_ctr_offset)
 */
export const USDT: ProgramType = {
  name: 'usdt',
  sections: ['usdt/PATH:PROVIDER:NAME'],
  prefixes: ['usdt', 'usdt.s'],
  minimumKernel: '4.3',
  targets: ['path', 'pid'],
  attach,
};

function attach(request: AttachRequest): Attachment {
  const { native, program, kind } = request;
  const path = pathTarget(request);
  const pid = pidTarget(request);
  if (kind.attach?.kind !== 'usdt') throw targetMissing(program, 'path');
  if (path === undefined && pid === undefined && kind.prefix === 'usdt') return attachBySection(request);
  const { provider, name } = kind.attach;
  const file = path ?? kind.attach.path;
  const link = native.attachUsdt(program.name, pid ?? -1, file, provider, name);
  return held(link, `${file}:${provider}:${name}${pid === undefined ? '' : ` of process ${pid}`}`);
}
