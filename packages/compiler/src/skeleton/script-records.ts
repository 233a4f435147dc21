import { Identifiers, pascalCase } from './identifiers.js';
import {
  allBitfields,
  type BitfieldLayout,
  type Layout,
  type MemberLayout,
  namedMembers,
  type RecordLayout,
  type Scalar,
} from './layout.js';

/** The number of a word of AssemblyScript; a letter of a C text is one byte. */
export function wordOf(scalar: Scalar): string {
  return scalar === 'char' ? 'u8' : scalar;
}

/** A record whose padding takes more words than that has no fields: all of it is read and written where it lies. */
const MAX_FIELD_BYTES = 16 * 1024;

/**
 * Classes of AssemblyScript for records: a field for each word that lies where one may, reading and writing in place for everything
 * else, padding that can be seen, and a proof of each size and offset.
 */
export class ScriptRecords {
  readonly #classes = new Map<RecordLayout, string>();
  readonly #names: Identifiers;

  /** @param taken names that generated code has for itself */
  constructor(records: readonly RecordLayout[], taken: Iterable<string>) {
    this.#names = new Identifiers(taken);
    for (const record of records) this.#classes.set(record, this.#names.of(pascalCase(record.identifier)));
  }

  classOf(record: RecordLayout): string {
    return this.#classes.get(record) ?? '';
  }

  define(record: RecordLayout): string {
    const members = namedMembers(record);
    const bitfields = allBitfields(record);
    const names = new Identifiers([...members, ...bitfields].map(({ identifier }) => identifier));
    const fields = fieldsOf(record);
    const isField = new Set(fields.map(({ identifier }) => identifier));
    const inPlace = members.filter(({ identifier }) => !isField.has(identifier));
    const name = this.classOf(record);
    return `@unmanaged
export class ${name} {
${fieldTexts(record, fields).join('')}${inPlace.map((member) => this.#accessor(member, names)).join('')}${bitfields.map(bitAccessor).join('')}}
${proofs(record, name, fields)}`;
  }

  #accessor({ identifier, offsetBytes, layout }: MemberLayout, names: Identifiers): string {
    const at = `changetype<usize>(this) + ${offsetBytes}`;
    switch (layout.kind) {
      case 'scalar': {
        const word = wordOf(layout.scalar);
        return `${getter(identifier, word, `load<${word}>(${at})`)}${setter(identifier, word, `store<${word}>(${at}, value)`)}`;
      }
      case 'record':
        return getter(identifier, this.classOf(layout.record), `changetype<${this.classOf(layout.record)}>(${at})`);
      case 'array':
        return this.#elements({ identifier, offsetBytes, layout }, layout, names);
      default:
        return `  /** Its address: ${layout.sizeBytes} bytes. */\n${getter(identifier, 'usize', at)}`;
    }
  }

  /** By index, counted through all dimensions; letters as a text. */
  #elements({ identifier, offsetBytes }: MemberLayout, array: Layout & { kind: 'array' }, names: Identifiers): string {
    const at = `changetype<usize>(this) + ${offsetBytes}`;
    const { element, length } = flattened(array);
    if (element.kind === 'scalar' && element.scalar === 'char') {
      const read = getter(identifier, 'string', `ebpm.text(${at}, ${length})`);
      return `${read}${setter(identifier, 'string', `ebpm.setText(${at}, ${length}, value)`)}`;
    }
    const place = `${at} + ebpm.place(index, ${length}) * ${element.sizeBytes}`;
    const read = names.of(`${identifier}_at`);
    if (element.kind === 'record') {
      const type = this.classOf(element.record);
      return method(read, 'index: i32', type, `return changetype<${type}>(${place});`);
    }
    if (element.kind !== 'scalar') return method(read, 'index: i32', 'usize', `return ${place};`);
    const word = wordOf(element.scalar);
    const write = names.of(`set_${identifier}_at`);
    return `${method(read, 'index: i32', word, `return load<${word}>(${place});`)}${method(write, `index: i32, value: ${word}`, 'void', `store<${word}>(${place}, value);`)}`;
  }
}

/** An array of arrays as one array. */
export function flattened({ element, length }: Layout & { kind: 'array' }): {
  readonly element: Layout;
  readonly length: number;
} {
  if (element.kind !== 'array') return { element, length };
  const inner = flattened(element);
  return { element: inner.element, length: length * inner.length };
}

type Field = MemberLayout & { readonly layout: Layout & { kind: 'scalar' } };

/** The words of a struct that lie at a multiple of their size. */
function fieldsOf(record: RecordLayout): readonly Field[] {
  if (record.union || record.sizeBytes > MAX_FIELD_BYTES) return [];
  return record.members.filter(
    (member): member is Field => member.layout.kind === 'scalar' && member.offsetBytes % member.layout.sizeBytes === 0,
  );
}

function fieldTexts(record: RecordLayout, fields: readonly Field[]): readonly string[] {
  if (record.sizeBytes > MAX_FIELD_BYTES) return [];
  const texts: string[] = [];
  let end = 0;
  let paddings = 0;
  const padTo = (offset: number) => {
    while (end < offset) {
      const word = [8, 4, 2, 1].find((size) => end % size === 0 && end + size <= offset) ?? 1;
      texts.push(`  private ebpm_pad_${paddings++}: u${word * 8};\n`);
      end += word;
    }
  };
  for (const { identifier, offsetBytes, layout } of fields) {
    padTo(offsetBytes);
    texts.push(`  ${identifier}: ${wordOf(layout.scalar)};\n`);
    end = offsetBytes + layout.sizeBytes;
  }
  padTo(record.sizeBytes);
  return texts;
}

function proofs(record: RecordLayout, name: string, fields: readonly Field[]): string {
  if (record.sizeBytes > MAX_FIELD_BYTES) return '';
  const offsets = fields.map(({ identifier, offsetBytes }) => {
    const text = `${record.identifier}.${identifier}: it lies elsewhere in the kernel half`;
    return `if (offsetof<${name}>("${identifier}") != ${offsetBytes}) ERROR("${text}");\n`;
  });
  const size = `if (offsetof<${name}>() != ${record.sizeBytes}) ERROR("${record.identifier}: its size is not that of the kernel half");\n`;
  return [size, ...offsets].join('');
}

function bitAccessor({ identifier, offsetBits, bits, signed }: BitfieldLayout): string {
  const word = signed ? 'i64' : 'u64';
  const read = `ebpm.${signed ? 'signedBits' : 'bits'}(changetype<usize>(this), ${offsetBits}, ${bits})`;
  return `${getter(identifier, word, read)}${setter(identifier, word, `ebpm.setBits(changetype<usize>(this), ${offsetBits}, ${bits}, <u64>value)`)}`;
}

function getter(name: string, type: string, value: string): string {
  return `  get ${name}(): ${type} {\n    return ${value};\n  }\n`;
}

function setter(name: string, type: string, statement: string): string {
  return `  set ${name}(value: ${type}) {\n    ${statement};\n  }\n`;
}

function method(name: string, parameters: string, type: string, statement: string): string {
  return `  ${name}(${parameters}): ${type} {\n    ${statement}\n  }\n`;
}
