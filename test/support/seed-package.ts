/** A field of a struct of events, as the compiler of 2022 has it from clang: its place in bits. */
export type SeedField = readonly [name: string, offsetBits: number, type: string, llvmType: string];

/** What is in a package of 2022. */
export interface SeedParts {
  readonly name: string;
  readonly object: Uint8Array;
  readonly sizeBits: number;
  readonly fields: readonly SeedField[];
  readonly program: string;
}

/** The JSON of a package of eunomia-bpf's first releases, with a ring buffer "events" of `struct event`, whose keys stand as a program of Python has put them. */
export function seedPackage({ name, object, sizeBits, fields, program }: SeedParts) {
  const layout = {
    Alignment: 64,
    DataSize: sizeBits,
    Size: sizeBits,
    'Struct Name': 'struct event',
    Fields: fields.map(([Name, FieldOffset, Type, LLVMType]) => ({ Name, FieldOffset, Type, LLVMType })),
  };
  return {
    name,
    maps: [{ name: 'events', type: 'BPF_MAP_TYPE_RINGBUF', export_data_types: layout }],
    progs: [{ name: program }],
    data: Buffer.from(object).toString('base64'),
    data_sz: object.length,
  };
}
