import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engine } from '../../src/engine.js';
import { IMPORT_SIGNATURES } from '../../src/signatures/all.js';
import { importedFunctions } from '../../src/signatures/imported-functions.js';
import { refuseSignatures } from '../../src/signatures/refuse-signatures.js';
import { COMPILING_MS, compileGuest } from '../compile-guest.js';

const TYPE = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b, funcref: 0x70, externref: 0x6f } as const;
type Type = keyof typeof TYPE;

const vector = (items: readonly number[][]) => [items.length, ...items.flat()];
const name = (text: string) => [text.length, ...Buffer.from(text)];
const section = (id: number, bytes: readonly number[]) => [id, bytes.length, ...bytes];

/** A module that imports functions and does nothing. */
function importing(
  ...functions: readonly { from: string; as: string; takes: readonly Type[]; gives: readonly Type[] }[]
) {
  const types = functions.map(({ takes, gives }) => [
    0x60,
    ...vector(takes.map((type) => [TYPE[type]])),
    ...vector(gives.map((type) => [TYPE[type]])),
  ]);
  const imports = functions.map(({ from, as }, index) => [...name(from), ...name(as), 0, index]);
  const bytes = Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector(imports)),
  ]);
  expect(engine.validate(bytes)).toBe(true);
  return bytes;
}

const invalid = (message: string) => expect.objectContaining({ code: 'EBPM_WASM_INVALID', message });

describe('importedFunctions()', () => {
  it(
    'reads what a real C program imports, as WASI has it',
    () => {
      const imported = importedFunctions(compileGuest(join(import.meta.dirname, '../wasi/fixtures/tour.c')));
      expect(imported.length).toBeGreaterThan(20);
      for (const { module, name: imports, signature } of imported) {
        expect(signature, imports).toBe(IMPORT_SIGNATURES[module]?.[imports]);
      }
    },
    COMPILING_MS,
  );

  it('reads every type of value', () => {
    const takes: readonly Type[] = ['i32', 'i64', 'f32', 'f64', 'v128', 'funcref', 'externref'];
    const module = importing({ from: 'a', as: 'b', takes, gives: ['f64', 'i32'] });
    expect(importedFunctions(module)).toEqual([{ module: 'a', name: 'b', signature: 'iIfFvrx:Fi' }]);
    expect(importedFunctions(Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))).toEqual([]);
  });

  it('does not go past the end of what is cut off', () => {
    const module = importing({ from: 'wasi_snapshot_preview1', as: 'fd_close', takes: ['i32'], gives: ['i32'] });
    for (let length = 9; length < module.length; length += 1) {
      expect(() => importedFunctions(module.subarray(0, length))).toSatisfy((read: () => unknown) => {
        try {
          read();
          return true;
        } catch (error) {
          return error instanceof RangeError;
        }
      });
    }
  });
});

describe('refuseSignatures()', () => {
  const wasi = (as: string, takes: readonly Type[], gives: readonly Type[]) =>
    importing({ from: 'wasi_snapshot_preview1', as, takes, gives });

  it('takes functions as they are, also where their result is not wanted', () => {
    refuseSignatures(wasi('fd_close', ['i32'], ['i32']));
    refuseSignatures(wasi('fd_close', ['i32'], []));
    refuseSignatures(importing({ from: 'env', as: 'nothing_of_ours', takes: ['f32'], gives: [] }));
    refuseSignatures(importing({ from: 'constructor', as: 'name', takes: [], gives: [] }));
  });

  it.each<[string, readonly Type[], readonly Type[], string]>([
    ['fd_close', ['i64'], ['i32'], 'fd_close as (i64) -> i32, and it is (i32) -> i32'],
    ['fd_close', [], ['i32'], 'fd_close as () -> i32, and it is (i32) -> i32'],
    ['fd_close', ['i32', 'i32'], ['i32'], 'fd_close as (i32, i32) -> i32, and it is (i32) -> i32'],
    ['fd_close', ['i32'], ['i64'], 'fd_close as (i32) -> i64, and it is (i32) -> i32'],
    ['fd_close', ['externref'], ['i32'], 'fd_close as (externref) -> i32, and it is (i32) -> i32'],
    ['proc_exit', ['i32'], ['i32'], 'proc_exit as (i32) -> i32, and it is (i32) -> nothing'],
    ['fd_seek', ['i32', 'f64', 'i32', 'i32'], ['i32'], 'fd_seek as (i32, f64, i32, i32) -> i32, and it is'],
  ])('refuses %s as %j -> %j', (as, takes, gives, message) => {
    expect(() => refuseSignatures(wasi(as, takes, gives))).toThrow(invalid(expect.stringContaining(message)));
  });

  it.each([
    ['wasm_bpf', 'wasm_load_bpf_object', ['i32', 'i32'], ['i32']],
    ['callback-wrapper', 'wasm_bpf_buffer_poll', ['i64', 'i64'], ['i32']],
    ['ebpm', 'emit', ['i32', 'i32', 'i32', 'i32'], ['i32']],
    ['env', 'create_bpf', ['i64', 'i32'], ['i32']],
  ] as const)('refuses %s.%s of another type', (from, as, takes, gives) => {
    expect(() => refuseSignatures(importing({ from, as, takes, gives }))).toThrow(
      invalid(expect.stringContaining(`${from}.${as}`)),
    );
  });

  it('refuses types that it does not read', () => {
    const struct = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section(1, [1, 0x5f, 0])]);
    expect(() => refuseSignatures(struct)).toThrow(invalid(expect.stringContaining('a type of form 0x5f')));
  });
});
