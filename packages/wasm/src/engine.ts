/** A module's exported or imported memory: `buffer` is another one after it has grown. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** By pages of 64 KiB; the number of pages before. @throws RangeError past its maximum */
  grow(pages: number): number;
}

/** A table of functions. */
export interface WasmTable {
  readonly length: number;
  get(index: number): ((...args: WasmValue[]) => WasmValue) | null;
}

/** i64 is a bigint, what is smaller a number. */
export type WasmValue = number | bigint | undefined;

/** What a module exports. */
export type WasmExports = Readonly<Record<string, unknown>>;

/** What a host gives to a module, by module name and name. */
export type WasmImports = Readonly<Record<string, Readonly<Record<string, WasmFunction>>>>;

/** A function of the host that a guest calls. */
export type WasmFunction = (...args: never[]) => WasmValue;

/** A compiled module; it holds no state. */
export type WasmModule = object;

/** An import or export that a module declares. */
export interface WasmDescriptor {
  readonly module?: string;
  readonly name: string;
  readonly kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
}

/** V8's WebAssembly as far as it is used here; Node's own types leave it to the DOM's. */
export interface WasmEngine {
  readonly Module: {
    new (bytes: Uint8Array): WasmModule;
    imports(module: WasmModule): readonly Required<WasmDescriptor>[];
    exports(module: WasmModule): readonly WasmDescriptor[];
  };
  readonly Instance: new (module: WasmModule, imports: WasmImports) => { readonly exports: WasmExports };
  readonly Memory: new (descriptor: { initial: number; maximum?: number }) => WasmMemory;
  readonly Table: new (descriptor: { element: 'anyfunc'; initial: number; maximum?: number }) => WasmTable;
  readonly RuntimeError: new (message?: string) => Error;
  readonly CompileError: new (message?: string) => Error;
  readonly LinkError: new (message?: string) => Error;
  validate(bytes: Uint8Array): boolean;
}

/** V8's WebAssembly. */
export const engine = (globalThis as unknown as { readonly WebAssembly: WasmEngine }).WebAssembly;
