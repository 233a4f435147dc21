import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { held } from './attach-by-section.js';
import { cgroupTarget } from './find-target.js';
import type { Attachment, AttachRequest } from './program-type.js';
import { withDescriptor } from './with-descriptor.js';

/**
 * Attaches to a cgroup and all below it, through a link.
 * @throws EBPM_TARGET_MISSING, EBPM_ATTACH_TARGET_MISSING
 */
export function attachToCgroup(request: AttachRequest): Attachment {
  const { native, program, kind } = request;
  const path = cgroupTarget(request);
  return withDescriptor(program, path, (descriptor) => {
    // Every group of version 2 has this file, and no other folder.
    if (!existsSync(join(path, 'cgroup.procs'))) throw notACgroup(request, path);
    return held(native.attachTo(program.name, descriptor, kind.expectedAttachType, 0), `cgroup ${path}`);
  });
}

function notACgroup({ program }: AttachRequest, path: string): EbpmError {
  return new EbpmError(
    'EBPM_ATTACH_TARGET_MISSING',
    `Cannot attach "${program.name}" to ${program.section}: ${JSON.stringify(path)} is not a cgroup`,
    {
      hint: 'name a folder below the mount of cgroup2, such as /sys/fs/cgroup/system.slice',
      data: { program: program.name, section: program.section },
    },
  );
}
