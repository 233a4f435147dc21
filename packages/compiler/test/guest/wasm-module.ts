import { readObject } from '@ebpm/object';
import { objectsInWasm } from '../../../object/src/facts/objects-in-wasm.js';

/** V8's WebAssembly, which Node's types leave to the DOM's. */
interface Engine {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): readonly { readonly module: string; readonly name: string }[];
    exports(module: object): readonly { readonly name: string }[];
  };
}

/** What a module imports and exports, and the programs of each object that is found in it. */
export function wasmOf(file: { readonly bytes: Uint8Array } | undefined) {
  const { Module } = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
  const bytes = file?.bytes ?? new Uint8Array();
  const module = new Module(bytes);
  return {
    imports: Module.imports(module).map((entry) => `${entry.module}.${entry.name}`),
    exports: Module.exports(module).map(({ name }) => name),
    objects: objectsInWasm(bytes).map((object) => readObject(object).programs.map(({ name }) => name)),
  };
}
