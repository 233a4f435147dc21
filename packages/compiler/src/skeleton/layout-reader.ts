import { EbpmError } from '@ebpm/formats';
import type { Btf, BtfComposite, BtfMember, BtfType } from '@ebpm/object';
import { MAX_SKELETON_MEMBERS } from '../limits.js';
import { Identifiers } from './identifiers.js';
import type { BitfieldLayout, Layout, MemberLayout, RecordLayout, Scalar } from './layout.js';

/** Reads the layouts of an object's types; every record that is needed by one is kept, those it is made of first. */
export class LayoutReader {
  /** In the order in which they can be declared. */
  readonly records: RecordLayout[] = [];
  readonly #btf: Btf;
  readonly #identifiers: Identifiers;
  readonly #known = new Map<number, RecordLayout>();
  #members = 0;

  /** @param taken names of types that generated code has for itself */
  constructor(btf: Btf, taken: Iterable<string>) {
    this.#btf = btf;
    this.#identifiers = new Identifiers(taken);
  }

  /**
   * The layout of a type.
   * @param fallback what a record without a name is called after
   * @throws EBPM_BUILD_TOO_LARGE
   */
  of(typeId: number, fallback: string): Layout {
    const type = this.#btf.resolve(typeId);
    const sizeBytes = this.#btf.hasSize(typeId) ? this.#btf.sizeOf(typeId) : 0;
    switch (type.kind) {
      case 'array': {
        const element = this.of(type.elementTypeId, fallback);
        return element.sizeBytes === 0
          ? { kind: 'bytes', sizeBytes }
          : { kind: 'array', element, length: type.length, sizeBytes };
      }
      case 'struct':
      case 'union':
        return { kind: 'record', record: this.#record(type, this.#nameOf(typeId) || fallback), sizeBytes };
      default: {
        const scalar = scalarOf(type);
        return scalar === undefined ? { kind: 'bytes', sizeBytes } : { kind: 'scalar', scalar, sizeBytes };
      }
    }
  }

  /** A record's own name, or the one that a typedef gives it. */
  #nameOf(typeId: number): string {
    let name = '';
    for (let type = this.#btf.type(typeId); 'typeId' in type; type = this.#btf.type(type.typeId)) {
      if (type.kind === 'typedef') name ||= type.name;
    }
    return this.#btf.resolve(typeId).name || name;
  }

  #record(type: BtfComposite, name: string): RecordLayout {
    const known = this.#known.get(type.id);
    if (known !== undefined) return known;
    const { members, bitfields } = this.#parts(type, name, new Identifiers());
    const identifier = this.#identifiers.of(name);
    const record = {
      name: type.name,
      identifier,
      union: type.kind === 'union',
      sizeBytes: type.sizeBytes,
      members,
      bitfields,
    };
    this.#known.set(type.id, record);
    this.records.push(record);
    return record;
  }

  #parts(type: BtfComposite, name: string, identifiers: Identifiers) {
    this.#members += type.members.length;
    if (this.#members > MAX_SKELETON_MEMBERS) throw tooMany(name);
    const members: MemberLayout[] = [];
    const bitfields: BitfieldLayout[] = [];
    let end = 0;
    for (const member of type.members.toSorted((left, right) => left.offsetBits - right.offsetBits)) {
      const bits = this.#bitfieldBits(member);
      if (bits !== undefined) {
        if (member.name !== '') bitfields.push({ ...bits, identifier: identifiers.of(member.name) });
        continue;
      }
      const offsetBytes = member.offsetBits / 8;
      const isOver = type.kind === 'struct' && offsetBytes < end;
      const size = this.#btf.hasSize(member.typeId) ? this.#btf.sizeOf(member.typeId) : 0;
      if (isOver || size === 0) continue;
      end = offsetBytes + size;
      members.push(this.#member(member, offsetBytes, name, identifiers));
    }
    return { members, bitfields };
  }

  #member(member: BtfMember, offsetBytes: number, parent: string, identifiers: Identifiers): MemberLayout {
    const type = this.#btf.resolve(member.typeId);
    if (member.name === '' && (type.kind === 'struct' || type.kind === 'union')) {
      const inlined = this.#parts(type, parent, identifiers);
      const record = { name: '', identifier: '', union: type.kind === 'union', sizeBytes: type.sizeBytes, ...inlined };
      return { identifier: '', offsetBytes, layout: { kind: 'record', record, sizeBytes: type.sizeBytes } };
    }
    const identifier = identifiers.of(member.name === '' ? 'unnamed' : member.name);
    return { identifier, offsetBytes, layout: this.of(member.typeId, `${parent}_${identifier}`) };
  }

  /** Older compilers say the bits with the type instead of the member. */
  #bitfieldBits({ offsetBits, bitfieldBits, typeId }: BtfMember): Omit<BitfieldLayout, 'identifier'> | undefined {
    const type = this.#btf.resolve(typeId);
    const signed = 'signed' in type && type.signed;
    if (bitfieldBits !== 0) return { offsetBits, bits: Math.min(MAX_BITS, bitfieldBits), signed };
    if (type.kind === 'int' && (type.bits !== type.sizeBytes * 8 || type.offsetBits !== 0)) {
      return { offsetBits: offsetBits + type.offsetBits, bits: Math.min(MAX_BITS, type.bits), signed };
    }
    return offsetBits % 8 === 0
      ? undefined
      : { offsetBits, bits: Math.min(MAX_BITS, this.#btf.sizeOf(typeId) * 8), signed };
  }
}

/** What a bitfield is read as. */
const MAX_BITS = 64;

function scalarOf(type: BtfType): Scalar | undefined {
  switch (type.kind) {
    case 'ptr':
      return 'u64';
    case 'enum':
    case 'enum64':
      return whole(type.sizeBytes, type.signed);
    case 'int':
      if (type.sizeBytes === 1 && type.bool) return 'bool';
      if (type.sizeBytes === 1 && (type.char || type.name === 'char')) return 'char';
      return whole(type.sizeBytes, type.signed);
    case 'float':
      return type.sizeBytes === 4 ? 'f32' : type.sizeBytes === 8 ? 'f64' : undefined;
    default:
      return undefined;
  }
}

const WHOLE: Readonly<Record<number, readonly [unsigned: Scalar, signed: Scalar]>> = {
  1: ['u8', 'i8'],
  2: ['u16', 'i16'],
  4: ['u32', 'i32'],
  8: ['u64', 'i64'],
};

function whole(sizeBytes: number, signed: boolean): Scalar | undefined {
  return WHOLE[sizeBytes]?.[signed ? 1 : 0];
}

function tooMany(name: string): EbpmError {
  return new EbpmError(
    'EBPM_BUILD_TOO_LARGE',
    `Cannot make a skeleton: the types up to "${name}" have more than ${MAX_SKELETON_MEMBERS} members`,
    { hint: 'Send a struct of your own, with just what is needed, instead of one of the kernel' },
  );
}
