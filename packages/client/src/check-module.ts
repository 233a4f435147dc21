import { EbpmError } from '@ebpm/formats';

/** What is used of V8's WebAssembly; Node's own types leave it to the DOM's. */
interface Engine {
  readonly Module: { new (bytes: Uint8Array): object; exports(module: object): readonly { readonly name: string }[] };
}

const { Module } = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;

/** What a host of one of the ABIs starts. */
const STARTS = ['_start', 'bpf_main'];

/** Refuses a WASM module that no ebpm could start. @throws EBPM_PACKAGE_INVALID */
export function checkModule(bytes: Uint8Array, source: string): void {
  const names = exportsOf(bytes, source);
  if (names.some((name) => STARTS.includes(name))) return;
  throw invalid(source, `it exports neither ${STARTS.join(' nor ')}`);
}

function exportsOf(bytes: Uint8Array, source: string): readonly string[] {
  try {
    return Module.exports(new Module(bytes)).map(({ name }) => name);
  } catch (error) {
    throw invalid(source, (error as Error).message.replace(/^WebAssembly\.Module\(\): /, ''));
  }
}

function invalid(source: string, reason: string): EbpmError {
  return new EbpmError('EBPM_PACKAGE_INVALID', `Cannot publish "${source}": ${reason}`, {
    hint: 'docs/wasm.md says how a module is built',
  });
}
