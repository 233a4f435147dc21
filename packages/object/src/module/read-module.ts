import { ByteReader } from './byte-reader.js';

/** What a module wants of its host, and what it has for it. */
export interface WasmModuleShape {
  readonly imports: readonly ModuleImport[];
  /** Names of all that it exports. */
  readonly exports: readonly string[];
}

/** One thing that a module imports. */
export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  /** Of a function, as the tables of signatures write it: a letter for each parameter, a colon, a letter for each result. Else empty. */
  readonly signature: string;
}

const KINDS = ['function', 'table', 'memory', 'global', 'tag'] as const;

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

const SECTION = { type: 1, import: 2, export: 7 } as const;
const FUNCTION_TYPE = 0x60;
const HAS_MAXIMUM = 1;

/**
 * Reads what a module imports and exports. Types that only garbage-collected languages have are not read.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 * @throws RangeError for what it does not read, and for what is cut off
 */
export function readModule(bytes: Uint8Array): WasmModuleShape {
  const reader = new ByteReader(bytes);
  // The magic number and the version.
  reader.skip(8);
  let types: readonly string[] = [];
  let imports: readonly ModuleImport[] = [];
  let exports: readonly string[] = [];
  while (!reader.isAtEnd) {
    const section = reader.byte();
    const part = reader.part(reader.u32());
    if (section === SECTION.type) types = functionTypes(part);
    else if (section === SECTION.import) imports = part.vector(() => oneImport(part, types));
    else if (section === SECTION.export) exports = part.vector(() => oneExport(part));
  }
  return { imports, exports };
}

function functionTypes(reader: ByteReader): readonly string[] {
  return reader.vector(() => {
    const form = reader.byte();
    if (form !== FUNCTION_TYPE) throw new RangeError(`a type of form 0x${form.toString(16)}`);
    return `${values(reader)}:${values(reader)}`;
  });
}

function values(reader: ByteReader): string {
  return reader.vector(() => value(reader)).join('');
}

function value(reader: ByteReader): string {
  const type = reader.byte();
  const letter = LETTERS.get(type);
  if (letter === undefined) throw new RangeError(`a value of type 0x${type.toString(16)}`);
  return letter;
}

function oneImport(reader: ByteReader, types: readonly string[]): ModuleImport {
  const module = reader.name();
  const name = reader.name();
  const number = reader.byte();
  const kind = KINDS[number];
  switch (kind) {
    case 'function':
      return { module, name, kind, signature: types[reader.u32()] ?? '' };
    case 'table':
      value(reader);
      limits(reader);
      break;
    case 'memory':
      limits(reader);
      break;
    case 'global':
      value(reader);
      reader.byte();
      break;
    case 'tag':
      reader.byte();
      reader.u32();
      break;
    default:
      throw new RangeError(`an import of kind ${number}`);
  }
  return { module, name, kind, signature: '' };
}

/** Those of 64-bit memories have up to ten bytes. */
function limits(reader: ByteReader): void {
  const flags = reader.byte();
  reader.skipNumber();
  if (flags & HAS_MAXIMUM) reader.skipNumber();
}

function oneExport(reader: ByteReader): string {
  const name = reader.name();
  reader.byte();
  reader.u32();
  return name;
}
