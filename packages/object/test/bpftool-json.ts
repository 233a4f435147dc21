import { execFileSync } from 'node:child_process';
import type { Btf } from '../src/btf.js';
import type { BtfType } from '../src/btf-type.js';

/** What `bpftool btf dump file PATH -j` prints. */
export function bpftoolJson(path: string): string {
  const options = { encoding: 'utf8', maxBuffer: 1 << 26 } as const;
  return execFileSync('bpftool', ['btf', 'dump', 'file', path, '-j'], options).trimEnd();
}

/** What it would print of these types. */
export function typesJson(btf: Btf): string {
  const types = Array.from({ length: btf.count - 1 }, (_, index) => typeJson(btf.type(index + 1)));
  return `{"types":[${types.join(',')}]}`;
}

/** The values of enums may have 64 bits, which JSON.stringify would not write as numbers. */
function typeJson(type: BtfType): string {
  const text = JSON.stringify(describeType(type));
  return type.kind.startsWith('enum') ? text.replaceAll(/"val":"(-?[0-9]+)"/g, '"val":$1') : text;
}

function describeType(type: BtfType): unknown {
  const common = { id: type.id, kind: type.kind.toUpperCase(), name: anonymous(type.name) };
  switch (type.kind) {
    case 'void':
      return common;
    case 'int': {
      const encoding = type.signed ? 'SIGNED' : type.char ? 'CHAR' : type.bool ? 'BOOL' : '(none)';
      return { ...common, size: type.sizeBytes, bits_offset: type.offsetBits, nr_bits: type.bits, encoding };
    }
    case 'array':
      return { ...common, type_id: type.elementTypeId, index_type_id: type.indexTypeId, nr_elems: type.length };
    case 'struct':
    case 'union':
      return {
        ...common,
        size: type.sizeBytes,
        vlen: type.members.length,
        members: type.members.map((member) => ({
          name: anonymous(member.name),
          type_id: member.typeId,
          bits_offset: member.offsetBits,
          ...(member.bitfieldBits === 0 ? {} : { bitfield_size: member.bitfieldBits }),
        })),
      };
    case 'enum':
    case 'enum64':
      return {
        ...common,
        encoding: type.signed ? 'SIGNED' : 'UNSIGNED',
        size: type.sizeBytes,
        vlen: type.values.length,
        // bpftool widens the 32-bit values of an unsigned enum with their sign.
        values: type.values.map(({ name, value }) => ({
          name,
          val: `${type.kind === 'enum' && !type.signed ? BigInt.asUintN(64, BigInt.asIntN(32, value)) : value}`,
        })),
      };
    case 'fwd':
      return { ...common, fwd_kind: type.union ? 'union' : 'struct' };
    case 'func':
    case 'var':
      return { ...common, type_id: type.typeId, linkage: type.linkage };
    case 'func_proto':
      return {
        ...common,
        ret_type_id: type.returnTypeId,
        vlen: type.params.length,
        params: type.params.map(({ name, typeId }) => ({ name: anonymous(name), type_id: typeId })),
      };
    case 'datasec':
      return {
        ...common,
        size: type.sizeBytes,
        vlen: type.variables.length,
        vars: type.variables.map(({ typeId, offsetBytes, sizeBytes }) => ({
          type_id: typeId,
          offset: offsetBytes,
          size: sizeBytes,
        })),
      };
    case 'float':
      return { ...common, size: type.sizeBytes };
    case 'decl_tag':
      return { ...common, type_id: type.typeId, component_idx: type.componentIndex };
    default:
      return { ...common, type_id: type.typeId };
  }
}

function anonymous(name: string): string {
  return name === '' ? '(anon)' : name;
}
