import { programKind } from '@ebpm/object';
import type { NativeObject } from '../binding.js';
import { prepareStructOps } from './struct-ops.js';

/** To be called before an object is loaded: tells an older libbpf what it does not know of newer sections. */
export function preparePrograms(native: NativeObject): void {
  for (const { name, section, type } of native.programs()) {
    const kind = type === 0 ? programKind(section) : undefined;
    if (kind !== undefined) native.setType(name, kind.typeNumber, kind.expectedAttachType, kind.sleepable);
  }
  prepareStructOps(native);
}
