import type { Btf, BtfKind, BtfMember, BtfType } from '@ebpm/object';

/** A BTF type before it has its id. */
type Draft = BtfType extends infer Type ? (Type extends BtfType ? Omit<Type, 'id'> : never) : never;

/** BTF that is put together type by type in a test. The same rules as for BTF that was read: ids in order, 0 is void. */
export class BtfModel implements Btf {
  readonly #types: BtfType[] = [{ id: 0, kind: 'void', name: '' }];

  get count(): number {
    return this.#types.length;
  }

  type(id: number): BtfType {
    const type = this.#types[id];
    if (type === undefined) throw new RangeError(`no type ${id}`);
    return type;
  }

  resolve(id: number): BtfType {
    const type = this.type(id);
    switch (type.kind) {
      case 'typedef':
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
        return this.resolve(type.typeId);
      default:
        return type;
    }
  }

  sizeOf(id: number): number {
    const type = this.resolve(id);
    if (type.kind === 'ptr') return 8;
    if (type.kind === 'array') return type.length * this.sizeOf(type.elementTypeId);
    if ('sizeBytes' in type) return type.sizeBytes;
    throw new RangeError(`a ${type.kind} has no size`);
  }

  ofKind(kind: BtfKind): Iterable<BtfType> {
    return this.#types.filter((type) => type.kind === kind);
  }

  hasString(): boolean {
    return false;
  }

  hasSize(id: number): boolean {
    const type = this.resolve(id);
    return type.kind === 'ptr' || type.kind === 'array' || 'sizeBytes' in type;
  }

  /** The string section of a model is empty. */
  string(offset: number): string {
    throw new RangeError(`no string at ${offset}`);
  }

  nameOf(id: number): string {
    const type = this.type(id);
    switch (type.kind) {
      case 'void':
        return 'void';
      case 'ptr':
        return `${this.nameOf(type.typeId)} *`;
      case 'array':
        // As in C, the outermost dimension stands first.
        return this.nameOf(type.elementTypeId).replace(/(?=\[|$)/, `[${type.length}]`);
      case 'const':
      case 'volatile':
      case 'restrict':
        return `${type.kind} ${this.nameOf(type.typeId)}`;
      case 'type_tag':
        return this.nameOf(type.typeId);
      case 'struct':
      case 'union':
      case 'enum':
        return `${type.kind} ${type.name || '{...}'}`;
      case 'fwd':
        return `struct ${type.name}`;
      default:
        return type.name;
    }
  }

  find(name: string, ...kinds: readonly BtfType['kind'][]): BtfType | undefined {
    return this.#types.find((type) => type.name === name && kinds.includes(type.kind));
  }

  /** Adds a type and returns its id. */
  add(draft: Draft): number {
    this.#types.push({ ...draft, id: this.count } as BtfType);
    return this.count - 1;
  }

  int(name: string, sizeBytes: number, signed = false): number {
    return this.add({
      kind: 'int',
      name,
      sizeBytes,
      offsetBits: 0,
      bits: sizeBytes * 8,
      signed,
      char: false,
      bool: name === '_Bool',
    });
  }

  float(name: string, sizeBytes: number): number {
    return this.add({ kind: 'float', name, sizeBytes });
  }

  reference(
    kind: 'ptr' | 'typedef' | 'volatile' | 'const' | 'restrict' | 'type_tag',
    typeId: number,
    name = '',
  ): number {
    return this.add({ kind, name, typeId });
  }

  array(elementTypeId: number, length: number): number {
    return this.add({ kind: 'array', name: '', elementTypeId, indexTypeId: 0, length });
  }

  enumeration(
    kind: 'enum' | 'enum64',
    sizeBytes: number,
    values: Readonly<Record<string, bigint>>,
    signed = false,
  ): number {
    const list = Object.entries(values).map(([name, value]) => ({ name, value }));
    return this.add({ kind, name: 'e', sizeBytes, signed, values: list });
  }

  /** A struct of ordinary members, one after the other with the alignment of C. */
  struct(name: string, members: Readonly<Record<string, number>>): number {
    let offset = 0;
    let alignment = 1;
    const placed = Object.entries(members).map(([memberName, typeId]) => {
      const own = this.#alignment(typeId);
      alignment = Math.max(alignment, own);
      offset = Math.ceil(offset / own) * own;
      const member = { name: memberName, typeId, offsetBits: offset * 8, bitfieldBits: 0 };
      offset += this.sizeOf(typeId);
      return member;
    });
    return this.composite('struct', name, Math.ceil(offset / alignment) * alignment, placed);
  }

  composite(kind: 'struct' | 'union', name: string, sizeBytes: number, members: readonly BtfMember[]): number {
    return this.add({ kind, name, sizeBytes, members });
  }

  #alignment(id: number): number {
    const type = this.resolve(id);
    if (type.kind === 'array') return this.#alignment(type.elementTypeId);
    if (type.kind !== 'struct' && type.kind !== 'union') return Math.max(1, this.sizeOf(id));
    return type.members.reduce((largest, member) => Math.max(largest, this.#alignment(member.typeId)), 1);
  }
}
