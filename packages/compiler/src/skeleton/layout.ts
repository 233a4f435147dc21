/** A value of one word, named as AssemblyScript does; `char` is a letter of a C text. */
export type Scalar = 'bool' | 'char' | 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64';

/**
 * How a value of the kernel half lies in memory, in words of fixed width: a pointer or `long` of the kernel has 8 bytes there, and 4 in
 * a guest's own types.
 */
export type Layout =
  | { readonly kind: 'scalar'; readonly scalar: Scalar; readonly sizeBytes: number }
  | { readonly kind: 'array'; readonly element: Layout; readonly length: number; readonly sizeBytes: number }
  | { readonly kind: 'record'; readonly record: RecordLayout; readonly sizeBytes: number }
  /** What has no word of fixed width: 128 bits, and floats of other sizes. */
  | { readonly kind: 'bytes'; readonly sizeBytes: number };

/** A struct or union. */
export interface RecordLayout {
  /** In the object's types; empty where it has no name there. */
  readonly name: string;
  /** As generated code names it, unique among the types of an object; what is inlined into another one has none. */
  readonly identifier: string;
  readonly union: boolean;
  readonly sizeBytes: number;
  /** By rising offset. What would lie over another member of a struct is left out. */
  readonly members: readonly MemberLayout[];
  readonly bitfields: readonly BitfieldLayout[];
}

/** A member that starts at a byte. */
export interface MemberLayout {
  /** Unique in its record; empty for a record whose members count as those of the one around it. */
  readonly identifier: string;
  readonly offsetBytes: number;
  readonly layout: Layout;
}

/** A member of some bits. */
export interface BitfieldLayout {
  readonly identifier: string;
  readonly offsetBits: number;
  readonly bits: number;
  readonly signed: boolean;
}

/** What a word has to lie at a multiple of, so that a compiler adds no padding of its own; a record's widest member counts. */
export function alignmentOf(layout: Layout): number {
  switch (layout.kind) {
    case 'scalar':
      return layout.sizeBytes;
    case 'array':
      return alignmentOf(layout.element);
    case 'record':
      return isPacked(layout.record) ? 1 : widestOf(layout.record);
    default:
      return 1;
  }
}

/** Whether a record has a member or a size that its widest member would not allow. */
export function isPacked(record: RecordLayout): boolean {
  const isCrooked = record.members.some(({ offsetBytes, layout }) => offsetBytes % alignmentOf(layout) !== 0);
  return isCrooked || record.sizeBytes % widestOf(record) !== 0;
}

function widestOf({ members }: RecordLayout): number {
  return Math.max(1, ...members.map(({ layout }) => alignmentOf(layout)));
}

/** The members of a record and of those that are inlined into it, by their place in it. */
export function namedMembers(record: RecordLayout, start = 0): readonly MemberLayout[] {
  return record.members.flatMap((member) => {
    const offsetBytes = start + member.offsetBytes;
    if (member.identifier !== '') return [{ ...member, offsetBytes }];
    return member.layout.kind === 'record' ? namedMembers(member.layout.record, offsetBytes) : [];
  });
}

/** The same for bitfields. */
export function allBitfields(record: RecordLayout, startBits = 0): RecordLayout['bitfields'] {
  const own = record.bitfields.map((bitfield) => ({ ...bitfield, offsetBits: startBits + bitfield.offsetBits }));
  const inlined = record.members.flatMap(({ identifier, offsetBytes, layout }) =>
    identifier === '' && layout.kind === 'record' ? allBitfields(layout.record, startBits + offsetBytes * 8) : [],
  );
  return [...own, ...inlined];
}
