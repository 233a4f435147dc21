import { EbpmError } from '@ebpm/formats';

/** V8's WebAssembly as far as it is used here; Node's own types leave it to the DOM's. */
interface Engine {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): readonly { readonly module: string; readonly name: string }[];
  };
}

/** What runtimes of WASM packages give to a module. */
const MODULES: ReadonlySet<string> = new Set(['wasi_snapshot_preview1', 'wasm_bpf', 'ebpm']);

/** Refuses a module that would start nowhere. @throws EBPM_BUILD_GUEST_IMPORT */
export function checkImports(bytes: Uint8Array, entry: string): void {
  const { Module } = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
  const foreign = Module.imports(new Module(bytes)).find(({ module }) => !MODULES.has(module));
  if (foreign === undefined) return;
  const name = `${foreign.module}.${foreign.name}`;
  throw new EbpmError(
    'EBPM_BUILD_GUEST_IMPORT',
    `Cannot build "${entry}": it calls "${name}", which no runtime of WASM packages has`,
    {
      hint: `Leave out what needs it; docs/wasm.md lists what the guest libraries have instead`,
      data: { import: name },
    },
  );
}
