import type { CoreRelocation } from '../bpf-object.js';
import type { Btf } from '../btf.js';
import type { BtfEnum } from '../btf-type.js';
import { essentialName } from '../essential-name.js';
import type { AccessPath } from './access-path.js';
import { type FieldValue, fieldValue, type NoFieldValue } from './field-value.js';

/** What a relocation leads to in some types: a field, a value of an enum, or the type itself. */
export type Destination =
  | { readonly kind: 'field'; readonly path: AccessPath }
  | { readonly kind: 'value'; readonly value: bigint }
  | { readonly kind: 'type'; readonly btf: Btf; readonly typeId: number };

/** What a relocation comes to at its destination. */
export function valueAt(relocation: CoreRelocation, destination: Destination): FieldValue | NoFieldValue {
  switch (destination.kind) {
    case 'field':
      return fieldValue(relocation.kind, destination.path);
    case 'value':
      return { ...NOT_A_FIELD, value: relocation.kind === 'enumval_exists' ? 1n : destination.value };
    default:
      return typeValue(relocation, destination.btf, destination.typeId);
  }
}

/**
 * What a relocation comes to where its destination is not there; undefined where libbpf puts an instruction in the place that no kernel
 * takes. A type that is not there has size and id 0.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.c (bpf_core_calc_relo)
 */
export function valueOfNothing({ kind }: CoreRelocation): FieldValue | undefined {
  const isAsked = kind === 'field_exists' || kind === 'enumval_exists' || kind.startsWith('type_');
  return isAsked ? { ...NOT_A_FIELD, value: 0n } : undefined;
}

/**
 * A value of an enum as libbpf keeps it: one of 32 bits as a signed number, whatever its enum is.
 */
export function enumValue({ kind, values }: BtfEnum, index: number): bigint {
  const value = values[index]?.value ?? 0n;
  return BigInt.asUintN(64, kind === 'enum' ? BigInt.asIntN(32, value) : value);
}

/** The index of the value that has a name, without its flavour; undefined for none. */
export function findValue({ values }: BtfEnum, name: string): number | undefined {
  const wanted = essentialName(name);
  const index = values.findIndex((value) => essentialName(value.name) === wanted);
  return index < 0 ? undefined : index;
}

function typeValue({ kind }: CoreRelocation, btf: Btf, typeId: number): FieldValue | NoFieldValue {
  switch (kind) {
    case 'type_id_local':
    case 'type_id_target':
      return { ...NOT_A_FIELD, value: BigInt(typeId), isExpected: false };
    case 'type_size':
      return btf.hasSize(typeId) ? { ...NOT_A_FIELD, value: BigInt(btf.sizeOf(typeId)) } : 'unmeasurable';
    default:
      return { ...NOT_A_FIELD, value: 1n };
  }
}

const NOT_A_FIELD = { isExpected: true, sizeBytes: 0, typeId: 0 } as const;
