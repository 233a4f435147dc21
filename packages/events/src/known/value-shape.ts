import type { RecordField } from '../value-type.js';

/** An integer of one of these sizes in bytes, not an enum, which has names of its own. */
export function isInteger(...sizes: readonly number[]): (field: RecordField) => boolean {
  return ({ type }) => type.kind === 'int' && sizes.includes(type.sizeBytes);
}

/** The same, with a sign. */
export function isSignedInteger(...sizes: readonly number[]): (field: RecordField) => boolean {
  return ({ type }) => type.kind === 'int' && type.signed && sizes.includes(type.sizeBytes);
}

/** A port in network order: only the kernel's type for it says so, since programs name ports of both orders alike. */
export function isNetworkPort({ typeName }: RecordField): boolean {
  return typeName === '__be16' || typeName === 'be16';
}

/** Bytes that can be an IPv4 address (4) or an IPv6 address (16): an unsigned integer, an array, or the kernel's structs for them. */
export function isAddress(field: RecordField): boolean {
  const { type, typeName } = field;
  const { sizeBytes } = type;
  if (sizeBytes !== 4 && sizeBytes !== 16) return false;
  if (type.kind === 'int') return !type.signed || sizeBytes === 16;
  if (type.kind === 'array') return type.element.kind === 'int' && !type.element.signed;
  return typeName === 'struct in6_addr' || typeName === 'struct in_addr';
}
