import { held } from './attach-by-section.js';
import { pidTarget } from './find-target.js';
import type { Attachment, AttachRequest } from './program-type.js';
import { withDescriptor } from './with-descriptor.js';

/** Attaches to the network namespace of a process, by default this one's, through a link. @throws EBPM_ATTACH_TARGET_MISSING */
export function attachToNetns(request: AttachRequest): Attachment {
  const { native, program, kind } = request;
  const path = `/proc/${pidTarget(request) ?? 'self'}/ns/net`;
  return withDescriptor(program, path, (descriptor) =>
    held(native.attachTo(program.name, descriptor, kind.expectedAttachType, 0), `network namespace ${path}`),
  );
}
