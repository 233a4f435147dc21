import type { BpfObject, DataSection, DataVariable } from '../bpf-object.js';
import { cString } from '../c-string.js';
import { FORMAT_MAX_BYTES } from '../limits.js';

/** What stands in the sections that the kernel lets nobody write to once the object is loaded. */
export interface ConstantData {
  /** The global that a load reads, whole or in part. */
  settingAt(section: number, offsetBytes: number): DataVariable | undefined;
  /** The unsigned number of 1 to 8 bytes that stands there, as the object has it. */
  numberAt(section: number, offsetBytes: bigint, sizeBytes: number): bigint | undefined;
  /** The text that stands there, up to its NUL. */
  textAt(section: number, offsetBytes: number): string | undefined;
}

/** The `.rodata` sections of an object, which libbpf freezes. */
export function constantData({ dataSections }: BpfObject): ConstantData {
  const sections = new Map(dataSections.filter(isConstant).map((section) => [section.sectionIndex, section]));
  return {
    settingAt: (section, offsetBytes) => variableAt(sections.get(section)?.variables ?? [], offsetBytes),
    numberAt(section, offsetBytes, sizeBytes) {
      const bytes = sections.get(section)?.bytes;
      const isInside = bytes !== undefined && offsetBytes >= 0n && offsetBytes + BigInt(sizeBytes) <= bytes.length;
      return isInside ? numberIn(bytes.subarray(Number(offsetBytes)), sizeBytes) : undefined;
    },
    textAt: (section, offsetBytes) => {
      const bytes = sections.get(section)?.bytes;
      const isInside = bytes !== undefined && offsetBytes >= 0 && offsetBytes < bytes.length;
      return isInside ? cString(bytes, offsetBytes, FORMAT_MAX_BYTES) : undefined;
    },
  };
}

function isConstant({ name }: DataSection): boolean {
  return name === '.rodata' || name.startsWith('.rodata.');
}

function numberIn(bytes: Uint8Array, sizeBytes: number): bigint {
  return bytes.subarray(0, sizeBytes).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** The variables of a section are in order of offset and do not overlap. */
function variableAt(variables: readonly DataVariable[], offsetBytes: number): DataVariable | undefined {
  let low = 0;
  let high = variables.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const variable = variables[middle];
    if (variable === undefined) return undefined;
    if (offsetBytes < variable.offsetBytes) high = middle - 1;
    else if (offsetBytes >= variable.offsetBytes + variable.sizeBytes) low = middle + 1;
    else return variable;
  }
  return undefined;
}
