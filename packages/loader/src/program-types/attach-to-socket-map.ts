import { EbpmError } from '@ebpm/formats';
import { held } from './attach-by-section.js';
import type { Attachment, AttachRequest } from './program-type.js';

/** BPF_MAP_TYPE_SOCKMAP and BPF_MAP_TYPE_SOCKHASH (include/uapi/linux/bpf.h). */
const SOCKET_MAPS = [15, 18];

/**
 * Attaches to the sockets in a map of the object: the one that the package names, or the only one.
 * There is no link for it before Linux 6.10; the kernel lets go when the map goes, and so when the process ends.
 * @throws EBPM_ATTACH_TARGET_MISSING
 */
export function attachToSocketMap({ native, program, kind, settings }: AttachRequest): Attachment {
  const maps = native.maps().filter(({ type }) => SOCKET_MAPS.includes(type));
  const wanted = settings.target?.map;
  const map = wanted === undefined ? maps[0] : maps.find(({ name }) => name === wanted);
  if (map === undefined || (wanted === undefined && maps.length > 1)) {
    const names = maps.map(({ name }) => `"${name}"`).join(', ');
    throw new EbpmError(
      'EBPM_ATTACH_TARGET_MISSING',
      `Cannot attach "${program.name}" to ${program.section}: ${maps.length === 0 ? 'the object has no map of sockets' : `the package must name one of its maps of sockets (${names})`}`,
      {
        hint: 'annotate the program in its source: /// @target {"map": "NAME"}',
        data: { program: program.name, section: program.section },
      },
    );
  }
  return held(native.attachToMap(program.name, map.name, kind.expectedAttachType), `map ${map.name}`);
}
