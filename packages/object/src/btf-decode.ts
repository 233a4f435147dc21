import { type BtfLayout, extraWord, kindFlagOf, kindOf, nameOffsetOf, sizeOrTypeOf, vlenOf } from './btf-layout.js';
import { type StringSection, stringAt } from './btf-strings.js';
import { BTF_KINDS, type BtfInt, type BtfLinkage, type BtfType } from './btf-type.js';

const LINKAGES: readonly BtfLinkage[] = ['static', 'global', 'extern'];

/** The type with that id, which there is; what it refers to is not looked at. */
export function decodeType(layout: BtfLayout, strings: StringSection, id: number): BtfType {
  const kind = BTF_KINDS[kindOf(layout, id)] ?? 'void';
  const name = stringAt(strings, nameOffsetOf(layout, id));
  if (kind === 'void') return { id, kind, name };
  const third = sizeOrTypeOf(layout, id);
  const flag = kindFlagOf(layout, id);
  const vlen = vlenOf(layout, id);
  const word = (index: number): number => extraWord(layout, id, index);
  const text = (index: number): string => stringAt(strings, word(index));

  switch (kind) {
    case 'int':
      return { id, kind, name, sizeBytes: third, ...intEncoding(word(0)) };
    case 'array':
      return { id, kind, name, elementTypeId: word(0), indexTypeId: word(1), length: word(2) };
    case 'struct':
    case 'union': {
      const members = list(vlen, (index) => ({
        name: text(index * 3),
        typeId: word(index * 3 + 1),
        offsetBits: flag ? word(index * 3 + 2) & 0xff_ffff : word(index * 3 + 2),
        bitfieldBits: flag ? word(index * 3 + 2) >>> 24 : 0,
      }));
      return { id, kind, name, sizeBytes: third, members };
    }
    case 'enum': {
      const values = list(vlen, (index) => ({
        name: text(index * 2),
        value: BigInt(flag ? word(index * 2 + 1) | 0 : word(index * 2 + 1)),
      }));
      return { id, kind, name, sizeBytes: third, signed: flag, values };
    }
    case 'enum64': {
      const values = list(vlen, (index) => ({
        name: text(index * 3),
        value: value64(word(index * 3 + 1), word(index * 3 + 2), flag),
      }));
      return { id, kind, name, sizeBytes: third, signed: flag, values };
    }
    case 'fwd':
      return { id, kind, name, union: flag };
    case 'ptr':
    case 'typedef':
    case 'volatile':
    case 'const':
    case 'restrict':
    case 'type_tag':
      return { id, kind, name, typeId: third };
    case 'func':
      return { id, kind, name, typeId: third, linkage: LINKAGES[vlen] ?? 'static' };
    case 'func_proto': {
      const params = list(vlen, (index) => ({ name: text(index * 2), typeId: word(index * 2 + 1) }));
      return { id, kind, name, returnTypeId: third, params };
    }
    case 'var':
      return { id, kind, name, typeId: third, linkage: LINKAGES[word(0)] ?? 'static' };
    case 'datasec': {
      const variables = list(vlen, (index) => ({
        typeId: word(index * 3),
        offsetBytes: word(index * 3 + 1),
        sizeBytes: word(index * 3 + 2),
      }));
      return { id, kind, name, sizeBytes: third, variables };
    }
    case 'float':
      return { id, kind, name, sizeBytes: third };
    case 'decl_tag':
      return { id, kind, name, typeId: third, componentIndex: word(0) | 0 };
  }
}

/** @see https://docs.kernel.org/bpf/btf.html#btf-kind-int */
function intEncoding(data: number): Pick<BtfInt, 'offsetBits' | 'bits' | 'signed' | 'char' | 'bool'> {
  const encoding = data >>> 24;
  return {
    offsetBits: (data >>> 16) & 0xff,
    bits: data & 0xff,
    signed: (encoding & 1) !== 0,
    char: (encoding & 2) !== 0,
    bool: (encoding & 4) !== 0,
  };
}

function value64(low: number, high: number, signed: boolean): bigint {
  const value = (BigInt(high) << 32n) | BigInt(low);
  return signed ? BigInt.asIntN(64, value) : value;
}

function list<Item>(length: number, item: (index: number) => Item): readonly Item[] {
  const items: Item[] = [];
  for (let index = 0; index < length; index++) items.push(item(index));
  return items;
}
