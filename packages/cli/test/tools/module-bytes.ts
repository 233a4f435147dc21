/** A WASM module that does nothing, and imports functions that take four numbers and give one. */
export function moduleBytes(imports: readonly (readonly [module: string, name: string])[]): Uint8Array {
  const type = [0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f];
  const entries = imports.flatMap(([module, name]) => [...text(module), ...text(name), 0, 0]);
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, ...type]),
    ...section(2, [imports.length, ...entries]),
  );
}

/** Everything here is shorter than 128 bytes, which is one byte of LEB128. */
function section(id: number, content: readonly number[]): readonly number[] {
  return [id, content.length, ...content];
}

function text(word: string): readonly number[] {
  return [word.length, ...Buffer.from(word)];
}
