import { KIND } from '../src/btf-layout.js';

/** Makes BTF blobs, sound or not, out of words. Ids count from 1 in the order of the calls. */
export class BtfBuilder {
  readonly #types: number[] = [];
  #strings = '\0';
  #count = 0;

  /** The offset of a string. */
  name(text: string): number {
    const offset = this.#strings.length;
    this.#strings += `${text}\0`;
    return offset;
  }

  type(kind: keyof typeof KIND | number, options: TypeWords = {}): number {
    const { name = 0, vlen = 0, flag = false, third = 0, extra = [] } = options;
    const nameOffset = typeof name === 'string' ? this.name(name) : name;
    const number = typeof kind === 'number' ? kind : KIND[kind];
    this.#types.push(nameOffset, number * 0x100_0000 + vlen + (flag ? 0x8000_0000 : 0), third, ...extra);
    this.#count++;
    return this.#count;
  }

  int(name = 'int', sizeBytes = 4, data = 0x0100_0020): number {
    return this.type('int', { name, third: sizeBytes, extra: [data] });
  }

  bytes(): Uint8Array {
    const strings = Uint8Array.from(this.#strings, (character) => character.charCodeAt(0));
    const typeBytes = this.#types.length * 4;
    const bytes = new Uint8Array(24 + typeBytes + strings.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 0xeb9f, true);
    view.setUint8(2, 1);
    [24, 0, typeBytes, typeBytes, strings.length].forEach((word, index) => {
      view.setUint32(4 + index * 4, word, true);
    });
    this.#types.forEach((word, index) => {
      view.setUint32(24 + index * 4, word, true);
    });
    bytes.set(strings, 24 + typeBytes);
    return bytes;
  }
}

/** The words of a type; a name is a text or an offset, and what follows the three common words is `extra`. */
export interface TypeWords {
  readonly name?: string | number;
  readonly vlen?: number;
  readonly flag?: boolean;
  readonly third?: number;
  readonly extra?: readonly number[];
}
