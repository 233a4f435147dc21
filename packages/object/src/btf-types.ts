import { TypeText, type TypeTextOptions } from './btf-c-text.js';
import { decodeType } from './btf-decode.js';
import { type BtfLayout, kindOf } from './btf-layout.js';
import { type BtfNameIndex, indexNames } from './btf-name-index.js';
import { type StringSection, stringAt } from './btf-strings.js';
import { BTF_KINDS, type BtfKind, type BtfType } from './btf-type.js';
import { typeRefusal } from './refusal.js';

/** The types of a BTF that is laid out, made when they are asked for: the part of `Btf` that does not depend on what was checked before. */
export abstract class BtfTypes<Strings extends StringSection = StringSection> {
  readonly count: number;
  protected readonly layout: BtfLayout;
  protected readonly strings: Strings;
  /** Each type is made once, so that what hostile bytes can ask for is bounded by their number. */
  readonly #types = new Map<number, BtfType>();
  /** By kind number; all of them under undefined. */
  readonly #names = new Map<number | undefined, BtfNameIndex>();

  constructor(layout: BtfLayout, strings: Strings) {
    this.count = layout.count;
    this.layout = layout;
    this.strings = strings;
  }

  type(id: number): BtfType {
    const known = this.#types.get(id);
    if (known !== undefined) return known;
    this.checkId(id);
    const type = decodeType(this.layout, this.strings, id);
    this.#types.set(id, type);
    return type;
  }

  nameOf(id: number, options?: TypeTextOptions): string {
    this.checkId(id);
    return new TypeText(this.layout, this.strings, options).of(id);
  }

  *ofKind(kind: BtfKind): Generator<BtfType> {
    const number = BTF_KINDS.indexOf(kind);
    for (let id = 1; id < this.count; id++) if (kindOf(this.layout, id) === number) yield this.type(id);
  }

  find(name: string, ...kinds: readonly BtfKind[]): BtfType | undefined {
    const found = (kinds.length === 0 ? [undefined] : kinds).flatMap((kind) => this.#first(name, kind) ?? []);
    return found.length === 0 ? undefined : this.type(Math.min(...found));
  }

  #first(name: string, kind: BtfKind | undefined): number | undefined {
    const number = kind === undefined ? undefined : BTF_KINDS.indexOf(kind);
    const names = this.#names.get(number) ?? indexNames(this.layout, this.strings, number);
    this.#names.set(number, names);
    for (const id of names.idsOf(name)) return id;
    return undefined;
  }

  hasString(offset: number): boolean {
    return offset < this.strings.bytes.length;
  }

  string(offset: number): string {
    return stringAt(this.strings, offset);
  }

  protected checkId(id: number): void {
    if (!Number.isInteger(id) || id < 0 || id >= this.count) {
      throw typeRefusal(id, `there is no such type, there are ${this.count}`);
    }
  }
}
