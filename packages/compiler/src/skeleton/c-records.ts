import {
  allBitfields,
  isPacked,
  type Layout,
  type MemberLayout,
  namedMembers,
  type RecordLayout,
  type Scalar,
} from './layout.js';

const WORDS: Readonly<Record<Scalar, string>> = {
  bool: 'bool',
  char: 'char',
  i8: 'int8_t',
  u8: 'uint8_t',
  i16: 'int16_t',
  u16: 'uint16_t',
  i32: 'int32_t',
  u32: 'uint32_t',
  i64: 'int64_t',
  u64: 'uint64_t',
  f32: 'float',
  f64: 'double',
};

/** Declarations of records in C, with words of fixed width, padding that can be seen, and a proof of each size and offset. */
export class CRecords {
  readonly #prefix: string;
  /** How many paddings the record that is being written has: those of inlined records share its names. */
  #paddings = 0;

  /** @param prefix of the types' names: the object's identifier */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** `struct bootstrap_event` */
  typeOf({ identifier, union }: RecordLayout): string {
    return `${union ? 'union' : 'struct'} ${this.#prefix}_${identifier}`;
  }

  /** `uint32_t name[4]` */
  declaration(layout: Layout, name: string): string {
    switch (layout.kind) {
      case 'scalar':
        return `${WORDS[layout.scalar]} ${name}`;
      case 'array':
        return this.declaration(layout.element, `${name}[${layout.length}]`);
      case 'record':
        return `${this.typeOf(layout.record)} ${name}`;
      default:
        return `uint8_t ${name}[${layout.sizeBytes}]`;
    }
  }

  /** The record, and what makes a compiler refuse it where it does not lie as in the kernel half. */
  define(record: RecordLayout): string {
    const type = this.typeOf(record);
    const asserts = [
      `_Static_assert(sizeof(${type}) == ${record.sizeBytes}, "${record.identifier}: its size is not that of the kernel half");`,
      ...namedMembers(record).map(({ identifier, offsetBytes, layout }) => {
        const isSame = `offsetof(${type}, ${identifier}) == ${offsetBytes} && sizeof(((${type} *)0)->${identifier}) == ${layout.sizeBytes}`;
        return `_Static_assert(${isSame}, "${record.identifier}.${identifier}: it lies elsewhere in the kernel half");`;
      }),
    ];
    this.#paddings = 0;
    return `${type} {\n${this.#body(record, '\t')}}${attribute(record)};\n${asserts.join('\n')}\n${this.#bitfields(record)}`;
  }

  #body(record: RecordLayout, indent: string): string {
    if (record.union) {
      const parts = record.members.map((member) => this.#member(member, indent));
      return `${parts.join('')}${indent}${this.#padding(record.sizeBytes)}`;
    }
    let text = '';
    let end = 0;
    const padTo = (offset: number) => {
      if (offset > end) text += `${indent}${this.#padding(offset - end)}`;
    };
    for (const member of record.members) {
      padTo(member.offsetBytes);
      text += this.#member(member, indent);
      end = member.offsetBytes + member.layout.sizeBytes;
    }
    padTo(record.sizeBytes);
    return text;
  }

  #padding(sizeBytes: number): string {
    return `uint8_t ebpm_pad_${this.#paddings++}[${sizeBytes}];\n`;
  }

  #member({ identifier, layout }: MemberLayout, indent: string): string {
    if (identifier !== '' || layout.kind !== 'record') return `${indent}${this.declaration(layout, identifier)};\n`;
    const { record } = layout;
    const word = record.union ? 'union' : 'struct';
    return `${indent}${word} {\n${this.#body(record, `${indent}\t`)}${indent}}${attribute(record)};\n`;
  }

  /** Bits are read and written where they lie: how a compiler lays them out is its own choice. */
  #bitfields(record: RecordLayout): string {
    const type = this.typeOf(record);
    return allBitfields(record)
      .map(({ identifier, offsetBits, bits, signed }) => {
        const word = signed ? 'int64_t' : 'uint64_t';
        const name = `${this.#prefix}_${record.identifier}`;
        const read = signed ? 'ebpm_signed_bits' : 'ebpm_bits';
        return `static inline ${word} ${name}__get_${identifier}(const ${type} *record)
{
	return ${read}(record, ${offsetBits}, ${bits});
}
static inline void ${name}__set_${identifier}(${type} *record, ${word} value)
{
	ebpm_set_bits(record, ${offsetBits}, ${bits}, (uint64_t)value);
}
`;
      })
      .join('');
  }
}

function attribute(record: RecordLayout): string {
  return isPacked(record) ? ' __attribute__((packed))' : '';
}
