/** What goes into a small ELF file made for a test. */
export interface ElfSpec {
  readonly needed?: readonly string[];
  readonly runPath?: string;
  readonly rPath?: string;
  readonly interpreter?: string;
}

const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const BASE_ADDRESS = 0x400000;

/** Makes an x86-64 shared object that consists of its headers, its dynamic section and its names. */
export function elfFile(spec: ElfSpec): Buffer {
  const strings: string[] = [''];
  const nameOffset = (name: string): number =>
    strings.push(name) && Buffer.byteLength(`${strings.slice(0, -1).join('\0')}\0`);
  const tags: [number, number][] = [
    ...(spec.needed ?? []).map((name): [number, number] => [1, nameOffset(name)]),
    ...(spec.runPath === undefined ? [] : [[29, nameOffset(spec.runPath)] as [number, number]]),
    ...(spec.rPath === undefined ? [] : [[15, nameOffset(spec.rPath)] as [number, number]]),
  ];
  const interpreterOffset = nameOffset(spec.interpreter ?? '');
  const dynamicOffset = HEADER_BYTES + 3 * PROGRAM_HEADER_BYTES;
  const dynamicBytes = 16 * (tags.length + 2);
  const stringOffset = dynamicOffset + dynamicBytes;
  const names = Buffer.from(`${strings.join('\0')}\0`);
  const file = Buffer.alloc(stringOffset + names.length);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(file);
  file.writeUInt16LE(3, 16);
  file.writeUInt16LE(62, 18);
  file.writeBigUInt64LE(BigInt(HEADER_BYTES), 32);
  file.writeUInt16LE(PROGRAM_HEADER_BYTES, 54);
  file.writeUInt16LE(spec.interpreter === undefined ? 2 : 3, 56);
  const segments = [
    { type: 1, offset: 0, sizeBytes: file.length },
    { type: 2, offset: dynamicOffset, sizeBytes: dynamicBytes },
    { type: 3, offset: stringOffset + interpreterOffset, sizeBytes: (spec.interpreter ?? '').length + 1 },
  ];
  for (const [index, { type, offset, sizeBytes }] of segments.entries()) {
    const at = HEADER_BYTES + index * PROGRAM_HEADER_BYTES;
    file.writeUInt32LE(type, at);
    file.writeBigUInt64LE(BigInt(offset), at + 8);
    file.writeBigUInt64LE(BigInt(BASE_ADDRESS + offset), at + 16);
    file.writeBigUInt64LE(BigInt(sizeBytes), at + 32);
  }
  for (const [index, [tag, value]] of [...tags, [5, BASE_ADDRESS + stringOffset], [0, 0]].entries()) {
    file.writeBigUInt64LE(BigInt(tag ?? 0), dynamicOffset + 16 * index);
    file.writeBigUInt64LE(BigInt(value ?? 0), dynamicOffset + 16 * index + 8);
  }
  names.copy(file, stringOffset);
  return file;
}
