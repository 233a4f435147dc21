import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { wasmModule } from '../../../../test/support/wasm-module.js';
import { COMMAND_SIGNATURES } from '../../src/module/host-signatures.js';
import { importProblem } from '../../src/module/import-problem.js';
import { importsFunction } from '../../src/module/imports-function.js';
import { moduleProblem } from '../../src/module/module-problem.js';
import { readModule } from '../../src/module/read-module.js';

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
  return bytes;
}

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** What clang makes of a C program that uses much of WASI. */
function tour(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-module-'));
  try {
    const source = fileURLToPath(new URL('../../../wasm/test/wasi/fixtures/tour.c', import.meta.url));
    const output = join(folder, 'tour.wasm');
    execFileSync('clang', ['-O1', '--target=wasm32-wasi', source, '-o', output]);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('readModule()', () => {
  it('readModule() reads what a real C program imports and exports, as WASI has it', () => {
    const { imports, exports } = readModule(tour());
    expect(imports.length).toBeGreaterThan(20);
    for (const { module, name: imported, kind, signature } of imports) {
      expect({ kind, signature }, imported).toEqual({
        kind: 'function',
        signature: COMMAND_SIGNATURES[module]?.[imported],
      });
    }
    expect([...exports].sort()).toEqual(['_start', 'memory']);
  }, 60_000);

  it('readModule() reads every type of value', () => {
    const takes: readonly Type[] = ['i32', 'i64', 'f32', 'f64', 'v128', 'funcref', 'externref'];
    const module = importing({ from: 'a', as: 'b', takes, gives: ['f64', 'i32'] });
    expect(readModule(module).imports).toEqual([{ module: 'a', name: 'b', kind: 'function', signature: 'iIfFvrx:Fi' }]);
    expect(readModule(Uint8Array.from(HEADER))).toEqual({ imports: [], exports: [] });
  });

  it('readModule() reads every kind of import', () => {
    const named = (kind: number, ...rest: readonly number[]) => [...name('m'), ...name(`k${kind}`), kind, ...rest];
    const kinds = [
      named(1, 0x70, 1, 1, 0x80, 1),
      named(2, 7, 0x80, 0x80, 1, 0x80, 0x80, 0x80, 2),
      named(3, 0x7e, 1),
      named(4, 0, 0),
      named(0, 0),
    ];
    const bytes = Uint8Array.from([...HEADER, ...section(1, vector([[0x60, 0, 0]])), ...section(2, vector(kinds))]);
    expect(readModule(bytes).imports.map(({ name: imported, kind }) => [imported, kind])).toEqual([
      ['k1', 'table'],
      ['k2', 'memory'],
      ['k3', 'global'],
      ['k4', 'tag'],
      ['k0', 'function'],
    ]);
    const unknown = Uint8Array.from([...HEADER, ...section(2, vector([named(5)]))]);
    expect(() => readModule(unknown)).toThrow(RangeError);
  });

  it('readModule() does not go past the end of what is cut off', () => {
    const module = importing({ from: 'wasi_snapshot_preview1', as: 'fd_close', takes: ['i32'], gives: ['i32'] });
    const afterTypes = HEADER.length + 2 + (module[9] ?? 0);
    for (let length = 9; length < module.length; length += 1) {
      const read = () => readModule(module.subarray(0, length));
      if (length === afterTypes) expect(read().imports).toEqual([]);
      else expect(read, String(length)).toThrow(RangeError);
    }
  });
});

describe('importsFunction()', () => {
  it('importsFunction() finds a function by its module and name, and nothing in what cannot be read', () => {
    const module = importing({ from: 'ebpm', as: 'tool_start', takes: [], gives: [] });
    expect(importsFunction(module, 'ebpm', 'tool_start')).toBe(true);
    expect(importsFunction(module, 'env', 'tool_start')).toBe(false);
    expect(importsFunction(module, 'ebpm', 'tool_stop')).toBe(false);
    expect(importsFunction(module.subarray(0, -1), 'ebpm', 'tool_start')).toBe(false);
  });
});

describe('importProblem()', () => {
  const wasi = (as: string, takes: readonly Type[], gives: readonly Type[]) =>
    importing({ from: 'wasi_snapshot_preview1', as, takes, gives });

  it('importProblem() has nothing against functions as they are, also where their result is not wanted', () => {
    expect(importProblem(wasi('fd_close', ['i32'], ['i32']))).toBeUndefined();
    expect(importProblem(wasi('fd_close', ['i32'], []))).toBeUndefined();
  });

  it.each<[string, readonly Type[], readonly Type[], string]>([
    ['fd_close', ['i64'], ['i32'], 'fd_close as (i64) -> i32, and it is (i32) -> i32'],
    ['fd_close', [], ['i32'], 'fd_close as () -> i32, and it is (i32) -> i32'],
    ['fd_close', ['i32', 'i32'], ['i32'], 'fd_close as (i32, i32) -> i32, and it is (i32) -> i32'],
    ['fd_close', ['i32'], ['i64'], 'fd_close as (i32) -> i64, and it is (i32) -> i32'],
    ['fd_close', ['externref'], ['i32'], 'fd_close as (externref) -> i32, and it is (i32) -> i32'],
    ['proc_exit', ['i32'], ['i32'], 'proc_exit as (i32) -> i32, and it is (i32) -> nothing'],
    ['fd_seek', ['i32', 'f64', 'i32', 'i32'], ['i32'], 'fd_seek as (i32, f64, i32, i32) -> i32, and it is'],
  ])('importProblem() refuses %s as %j -> %j', (as, takes, gives, reason) => {
    expect(importProblem(wasi(as, takes, gives))?.reason).toContain(`it imports wasi_snapshot_preview1.${reason}`);
  });

  it.each([
    ['wasm_bpf', 'wasm_load_bpf_object', ['i32', 'i32'], ['i32']],
    ['callback-wrapper', 'wasm_bpf_buffer_poll', ['i64', 'i64'], ['i32']],
    ['ebpm', 'emit', ['i32', 'i32', 'i32', 'i32'], ['i32']],
  ] as const)('importProblem() refuses %s.%s of another type', (from, as, takes, gives) => {
    expect(importProblem(importing({ from, as, takes, gives }))?.reason).toMatch(
      `it imports ${from}.${as} as (${takes.join(', ')}) -> ${gives[0]}, and it is (`,
    );
  });

  it.each([
    ['wasm_bpf', 'nosuch'],
    ['ebpm', 'nosuch'],
    ['env', 'nosuch'],
    ['env', 'printf'],
    ['wasi_snapshot_preview1', 'fd_dup'],
    ['constructor', 'name'],
    ['ebpm', 'constructor'],
  ])('importProblem() refuses %s.%s, which a guest with _start is not given', (from, as) => {
    expect(importProblem(importing({ from, as, takes: [], gives: [] }))).toMatchObject({
      reason: `it imports ${from}.${as}, which ebpm does not give to guests`,
      missing: [`${from}.${as}`],
    });
  });

  it('importProblem() gives modules of 2022 nothing but env, and others nothing of it', () => {
    const year2022 = (module: string, imported: string) =>
      wasmModule({
        types: ['ii:i', 'i:'],
        imports: [{ module, name: imported, type: imported === 'create_bpf' ? 0 : 1 }],
        functions: [{ type: 0, code: [0] }],
        exports: { bpf_main: 1 },
      });
    expect(importProblem(year2022('env', 'create_bpf'))).toBeUndefined();
    expect(importProblem(year2022('env', 'run_bpf'))).toBeUndefined();
    expect(importProblem(year2022('env', 'putchar'))).toBeUndefined();
    expect(importProblem(year2022('env', 'strcmp'))?.reason).toBe(
      'it imports env.strcmp as (i32) -> nothing, and it is (i32, i32) -> i32',
    );
    expect(importProblem(year2022('env', 'abort'))).toBeUndefined();
    expect(importProblem(year2022('env', '__cxa_begin_catch'))).toBeUndefined();
    expect(importProblem(year2022('env', '__cxa_throw'))?.reason).toContain('and it is (i32, i32, i32) -> nothing');
    expect(importProblem(year2022('wasi_snapshot_preview1', 'proc_exit'))?.reason).toContain(
      'it imports wasi_snapshot_preview1.proc_exit, which',
    );
  });

  it('importProblem() names the first of many, and the kind of what is no function', () => {
    const imports = [...'abcdefg'].map((imported) => ({ module: 'env', name: imported, type: 0 }));
    const many = wasmModule({ types: [':'], imports: [{ module: 'env', name: 'memory', type: 'memory' }, ...imports] });
    expect(importProblem(many)?.reason).toBe(
      'it imports memory env.memory, env.a, env.b, env.c, env.d and 3 more, which ebpm does not give to guests',
    );
  });

  it('importProblem() refuses types that it does not read', () => {
    const struct = Uint8Array.from([...HEADER, ...section(1, [1, 0x5f, 0])]);
    expect(importProblem(struct)?.reason).toContain('a type of form 0x5f');
  });
});

describe('moduleProblem()', () => {
  const COMMAND = { types: [':'], functions: [{ type: 0, code: [] }] } as const;

  it('moduleProblem() has nothing against what can be started', () => {
    for (const start of ['_start', 'bpf_main']) {
      expect(moduleProblem(wasmModule({ ...COMMAND, exports: { [start]: 0 } }))).toBeUndefined();
    }
  });

  it('moduleProblem() refuses what V8 does not compile, what cannot be started, and what importProblem() refuses', () => {
    const sound = wasmModule({ ...COMMAND, exports: { _start: 0 } });
    expect(moduleProblem(sound.subarray(0, -1))?.reason).toMatch(/^(?!WebAssembly).+ @\+\d+/);
    expect(moduleProblem(wasmModule(COMMAND))?.reason).toBe('it exports neither "_start" nor "bpf_main"');
    expect(moduleProblem(importing({ from: 'ebpm', as: 'no', takes: [], gives: [] }))?.reason).toContain('ebpm.no');
  });
});
