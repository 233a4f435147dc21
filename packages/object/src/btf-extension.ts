import type { Btf } from './btf.js';
import { readBtfHeader } from './btf-header.js';
import { KIND } from './btf-layout.js';
import { readBtf } from './read-btf.js';
import { readElf } from './read-elf.js';

/** A member of a struct that is added. */
export interface AddedMember {
  readonly name: string;
  readonly typeId: number;
  readonly offsetBits: number;
}

/** Bytes of struct btf_header. @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/btf.h */
const HEADER_BYTES = 24;

const ENCODINGS = { unsigned: 0, signed: 1, bool: 4 } as const;

/**
 * The types of an object and some more behind them, which something else than its BTF describes. The ids of the object's own
 * types stay. What is added is checked like any BTF from outside.
 */
export class BtfExtension {
  readonly #types: Uint8Array;
  readonly #strings: Uint8Array;
  readonly #moreStrings: number[] = [];
  readonly #words: number[] = [];
  #nextId: number;

  /** @param object bytes that `readObject` has taken; its types are none where it has no BTF */
  constructor(object: Uint8Array) {
    const bytes = readElf(object).sections.find(({ name }) => name === '.BTF')?.bytes;
    const { types, strings } =
      bytes === undefined ? { types: new Uint8Array(), strings: Uint8Array.of(0) } : readBtfHeader(bytes);
    this.#types = types;
    this.#strings = strings;
    this.#nextId = bytes === undefined ? 1 : readBtf(bytes).count;
  }

  /** Adds an integer; gives its id. */
  int(name: string, sizeBytes: number, encoding: keyof typeof ENCODINGS): number {
    return this.#add(KIND.int, { name, third: sizeBytes, extra: [ENCODINGS[encoding] * 0x100_0000 + sizeBytes * 8] });
  }

  float(name: string, sizeBytes: number): number {
    return this.#add(KIND.float, { name, third: sizeBytes });
  }

  /** Adds an array; its index is an integer of any kind. */
  array(elementTypeId: number, indexTypeId: number, length: number): number {
    return this.#add(KIND.array, { extra: [elementTypeId, indexTypeId, length] });
  }

  struct(name: string, sizeBytes: number, members: readonly AddedMember[]): number {
    return this.#add(KIND.struct, {
      name,
      third: sizeBytes,
      vlen: members.length,
      extra: members.flatMap((member) => [this.#string(member.name), member.typeId, member.offsetBits]),
    });
  }

  /** All of it, checked. @throws EBPM_BTF_INVALID, EBPM_BTF_TOO_LARGE */
  read(): Btf {
    const typeBytes = this.#types.length + this.#words.length * 4;
    const stringBytes = this.#strings.length + this.#moreStrings.length;
    const bytes = new Uint8Array(HEADER_BYTES + typeBytes + stringBytes);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 0xeb9f, true);
    view.setUint8(2, 1);
    [HEADER_BYTES, 0, typeBytes, typeBytes, stringBytes].forEach((word, index) => {
      view.setUint32(4 + index * 4, word, true);
    });
    bytes.set(this.#types, HEADER_BYTES);
    this.#words.forEach((word, index) => {
      view.setUint32(HEADER_BYTES + this.#types.length + index * 4, word, true);
    });
    bytes.set(this.#strings, HEADER_BYTES + typeBytes);
    bytes.set(this.#moreStrings, HEADER_BYTES + typeBytes + this.#strings.length);
    return readBtf(bytes);
  }

  #add(kind: number, type: AddedType): number {
    const { name = '', third = 0, vlen = 0, extra = [] } = type;
    this.#words.push(this.#string(name), kind * 0x100_0000 + vlen, third, ...extra);
    return this.#nextId++;
  }

  #string(text: string): number {
    if (text === '') return 0;
    const offset = this.#strings.length + this.#moreStrings.length;
    for (const byte of new TextEncoder().encode(`${text}\0`)) this.#moreStrings.push(byte);
    return offset;
  }
}

interface AddedType {
  readonly name?: string;
  readonly third?: number;
  readonly vlen?: number;
  readonly extra?: readonly number[];
}
