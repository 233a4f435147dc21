import { ByteReader } from './byte-reader.js';

/** A function that a module imports. */
export interface ImportedFunction {
  readonly module: string;
  readonly name: string;
  /** As the tables of signatures write it: a letter for each parameter, a colon, a letter for each result. */
  readonly signature: string;
}

/** i32, i64, f32, f64, v128, funcref, externref. */
const LETTERS: ReadonlyMap<number, string> = new Map([
  [0x7f, 'i'],
  [0x7e, 'I'],
  [0x7d, 'f'],
  [0x7c, 'F'],
  [0x7b, 'v'],
  [0x70, 'r'],
  [0x6f, 'x'],
]);

const SECTION = { type: 1, import: 2 } as const;
const FUNCTION_TYPE = 0x60;
const FUNCTION = 0;

/**
 * The functions that a module imports, up to its first import of another kind. V8 has compiled the module, so that its sections are sound; types that only garbage-collected languages have are
 * not read.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @throws RangeError for what it does not read
 */
export function importedFunctions(bytes: Uint8Array): readonly ImportedFunction[] {
  const reader = new ByteReader(bytes);
  // The magic number and the version.
  reader.skip(8);
  let types: readonly string[] = [];
  while (!reader.isAtEnd) {
    const section = reader.byte();
    const size = reader.u32();
    if (section === SECTION.type) types = functionTypes(reader.part(size));
    else if (section === SECTION.import) return functions(reader.part(size), types);
    else reader.skip(size);
  }
  return [];
}

function functionTypes(reader: ByteReader): readonly string[] {
  return reader.vector(() => {
    const form = reader.byte();
    if (form !== FUNCTION_TYPE) throw new RangeError(`a type of form 0x${form.toString(16)}`);
    return `${values(reader)}:${values(reader)}`;
  });
}

function values(reader: ByteReader): string {
  const letters = reader.vector(() => {
    const type = reader.byte();
    const letter = LETTERS.get(type);
    if (letter === undefined) throw new RangeError(`a value of type 0x${type.toString(16)}`);
    return letter;
  });
  return letters.join('');
}

function functions(reader: ByteReader, types: readonly string[]): readonly ImportedFunction[] {
  const found: ImportedFunction[] = [];
  for (let left = reader.u32(); left > 0; left -= 1) {
    const module = reader.name();
    const name = reader.name();
    if (reader.byte() !== FUNCTION) break;
    found.push({ module, name, signature: types[reader.u32()] ?? '' });
  }
  return found;
}
