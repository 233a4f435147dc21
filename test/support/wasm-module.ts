/** A WASM module by its sections, for what no compiler makes. Types are as `ii:i`: i is i32, I is i64. */
export interface ModuleParts {
  readonly types: readonly string[];
  /** Functions, or a memory of one page. */
  readonly imports?: readonly { readonly module: string; readonly name: string; readonly type: number | 'memory' }[];
  /** Their types and instructions, without the end; they have no locals. */
  readonly functions?: readonly { readonly type: number; readonly code: readonly number[] }[];
  readonly tableEntries?: number;
  /** In pages; one where it is shared has a maximum, too. */
  readonly memory?: { readonly pages: number; readonly isShared?: boolean };
  /** By name: functions, and the memory. */
  readonly exports?: Readonly<Record<string, number | 'memory'>>;
  /** The function that runs when an instance is made. */
  readonly start?: number;
}

const FUNCTION = 0;
const MEMORY = 2;
const TYPES: Readonly<Record<string, number>> = { i: 0x7f, I: 0x7e };

/** @see https://webassembly.github.io/spec/core/binary/modules.html */
export function wasmModule(parts: ModuleParts): Uint8Array {
  const { types, imports = [], functions = [], tableEntries, memory, exports = {}, start } = parts;
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types.map(typeBytes)),
    ...section(2, imports.map(importBytes)),
    ...section(
      3,
      functions.map(({ type }) => unsigned(type)),
    ),
    ...section(4, tableEntries === undefined ? [] : [[0x70, 0, ...unsigned(tableEntries)]]),
    ...section(5, memory === undefined ? [] : [memoryBytes(memory)]),
    ...section(
      7,
      Object.entries(exports).map(([name, what]) => [
        ...text(name),
        ...(what === 'memory' ? [MEMORY, 0] : [FUNCTION, ...unsigned(what)]),
      ]),
    ),
    ...(start === undefined ? [] : [8, ...sized(unsigned(start))]),
    ...section(
      10,
      functions.map(({ code }) => sized([0, ...code, 0x0b])),
    ),
  ]);
}

function typeBytes(type: string): readonly number[] {
  return [0x60, ...type.split(':').flatMap((letters) => sized([...letters].map((letter) => TYPES[letter] ?? 0)))];
}

function importBytes({ module, name, type }: NonNullable<ModuleParts['imports']>[number]): readonly number[] {
  return [...text(module), ...text(name), ...(type === 'memory' ? [MEMORY, 0, 1] : [FUNCTION, ...unsigned(type)])];
}

function memoryBytes({ pages, isShared = false }: NonNullable<ModuleParts['memory']>): readonly number[] {
  return isShared ? [3, ...unsigned(pages), ...unsigned(pages)] : [0, ...unsigned(pages)];
}

function section(id: number, items: readonly (readonly number[])[]): readonly number[] {
  return items.length === 0 ? [] : [id, ...sized([...unsigned(items.length), ...items.flat()])];
}

function text(value: string): readonly number[] {
  return sized([...Buffer.from(value)]);
}

function sized(bytes: readonly number[]): readonly number[] {
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
