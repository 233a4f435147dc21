import type { NativeLink } from '../binding.js';
import type { Attachment, AttachRequest } from './program-type.js';

/** Attaches as libbpf reads it from the section's name. */
export function attachBySection({ native, program }: AttachRequest): Attachment {
  return held(native.attach(program.name));
}

/** What one link holds attached. */
export function held(link: NativeLink, place?: string): Attachment {
  return { links: [link], place, close: () => link.close() };
}
