import { COMMAND_SIGNATURES } from '@ebpm/object';
import { afterEach, describe, expect, it } from 'vitest';
import { toolImports } from '../../src/tools/tool-imports.js';
import { WasmBpfGuest } from './wasm-bpf-guest.js';

let guest: WasmBpfGuest;
afterEach(() => guest.close());

describe('COMMAND_SIGNATURES', () => {
  it('COMMAND_SIGNATURES has exactly the functions that a guest is given, with as many parameters', () => {
    guest = new WasmBpfGuest();
    const { imports } = guest;
    const tools = toolImports({ memory: guest.memory, link: guest.link, tell: () => {} });
    const given = { ...imports, ebpm: { ...imports['ebpm'], ...tools } };
    const { wasi_snapshot_preview1: _, ...own } = COMMAND_SIGNATURES;
    const parameters = (functions: Readonly<Record<string, { readonly length: number }>>) =>
      Object.fromEntries(Object.entries(functions).map(([name, call]) => [name, call.length]));
    const declared = Object.entries(own).map(([module, functions]) => [
      module,
      Object.fromEntries(Object.entries(functions).map(([name, signature]) => [name, signature.indexOf(':')])),
    ]);
    expect(Object.fromEntries(Object.entries(given).map(([module, calls]) => [module, parameters(calls)]))).toEqual(
      Object.fromEntries(declared),
    );
  });
});
