import { CORE_RELOCATION_KINDS, type CoreRelocation } from './bpf-object.js';
import type { Btf } from './btf.js';
import type { BtfExtRecord } from './btf-ext-records.js';
import { CORE_ACCESS_MAX_PARTS } from './limits.js';
import { refusal } from './refusal.js';

/**
 * Makes a CO-RE relocation of its record, having followed its access string through the object's own types as libbpf will.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.c (bpf_core_parse_spec)
 * @throws EBPM_BTF_INVALID, EBPM_BTF_UNSUPPORTED
 */
export function coreRelocation(btf: Btf, { section, offsetBytes, words }: BtfExtRecord): CoreRelocation {
  const [typeId, accessOffset, kindNumber] = words;
  const kind = CORE_RELOCATION_KINDS[kindNumber];
  const place = { section, offsetBytes, typeId };
  if (kind === undefined) {
    throw refusal('EBPM_BTF_UNSUPPORTED', `the CO-RE relocation at byte ${offsetBytes} has kind ${kindNumber}`, place);
  }
  const text = btf.string(accessOffset);
  const access = parseAccess(text);
  const relocation = { section, offsetBytes, kind, typeId, access: access ?? [] };
  if (access === undefined || !leadsSomewhere(btf, relocation)) {
    throw refusal(
      'EBPM_BTF_INVALID',
      `the CO-RE relocation at byte ${offsetBytes} of "${section}" has access "${text}" into "${btf.nameOf(typeId)}"`,
      place,
    );
  }
  return relocation;
}

/** Numbers separated by colons, each as large as a C int. */
function parseAccess(text: string): readonly number[] | undefined {
  if (!/^[0-9]{1,10}(:[0-9]{1,10})*$/.test(text)) return undefined;
  const access = text.split(':').map(Number);
  return access.length <= CORE_ACCESS_MAX_PARTS && access.every((index) => index <= 0x7fff_ffff) ? access : undefined;
}

function leadsSomewhere(btf: Btf, { kind, typeId, access }: CoreRelocation): boolean {
  const [first = 0, ...rest] = access;
  if (kind.startsWith('type_')) return first === 0 && rest.length === 0 && btf.type(typeId).kind !== 'void';
  const type = btf.resolve(typeId);
  if (kind.startsWith('enumval_')) {
    return (type.kind === 'enum' || type.kind === 'enum64') && first < type.values.length && rest.length === 0;
  }
  return btf.hasSize(typeId) && reachesField(btf, type.id, rest);
}

/** A flexible array, the last member of a struct, has length 0 and may be indexed beyond it. */
function reachesField(btf: Btf, typeId: number, access: readonly number[]): boolean {
  let id = typeId;
  let last = false;
  for (const index of access) {
    const type = btf.resolve(id);
    if (type.kind === 'struct' || type.kind === 'union') {
      const member = type.members[index];
      if (member === undefined) return false;
      last = index === type.members.length - 1;
      id = member.typeId;
    } else if (type.kind === 'array') {
      if (index >= type.length && !(type.length === 0 && last)) return false;
      last = false;
      id = type.elementTypeId;
    } else {
      return false;
    }
  }
  return true;
}
