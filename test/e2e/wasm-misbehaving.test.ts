import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGuest } from '../kernels/build-guest.js';
import { EBPM } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { type ModuleParts, wasmModule } from '../support/wasm-module.js';
import type { CommandResult } from './registry-process.js';
import { runEbpm } from './run-ebpm.js';

const folder = temporaryFolder('wasm-misbehaving');
let misbehaving: string;
beforeAll(() => {
  misbehaving = buildGuest('misbehaving', { folder, objects: ['abi', 'small'], hidden: ['hidden'] });
  mkdirSync(join(folder, 'odd'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...words: readonly string[]): Promise<CommandResult> {
  return runEbpm(['run', ...words], { env: { EBPM_HOME: join(folder, 'home') } });
}

const UNREACHABLE = 0x00;
const TRY = [0x06, 0x40];
const CATCH_ALL = 0x19;
const END = 0x0b;
const DROP = 0x1a;
const NULL_FUNCTION = [0xd0, 0x70];
const TABLE_GROW = [0xfc, 0x0f, 0];
const IS_EQUAL = 0x46;
const ADD = 0x6a;
const MINUS_1 = 0x7f;
const call = (index: number) => [0x10, index];
/** -2. */
const NEARLY_4_GIB = 0x7e;
/** Of a number that has less than 7 bits, or is written as one byte. */
const constant = (value: number) => [0x41, value];
/** `wasm_load_bpf_object` with 16 bytes at the last but one of 4 GiB. */
const LOAD_FROM_NOWHERE = [0x41, 0x7e, 0x41, 16, ...call(0), DROP];
const LOADER = { module: 'wasm_bpf', name: 'wasm_load_bpf_object', type: 1 };
const COMMAND = { types: [':', 'ii:I'], memory: { pages: 1 } } as const;

/** Modules that are none, or that no compiler makes, and how they end. */
const ODD: readonly (readonly [string, ModuleParts | Uint8Array, string, string])[] = [
  [
    'has garbage behind its header',
    Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...Buffer.from('what is this?')]),
    'EBPM_WASM_INVALID',
    'Cannot run the module: ',
  ],
  [
    'ends in the middle',
    wasmModule({ ...COMMAND, functions: [{ type: 0, code: [] }], exports: { _start: 0 } }).subarray(0, -3),
    'EBPM_WASM_INVALID',
    'Cannot run the module: ',
  ],
  [
    'exports no memory',
    { types: [':'], functions: [{ type: 0, code: [] }], exports: { _start: 0 } },
    'EBPM_WASM_INVALID',
    'it exports no memory',
  ],
  ['exports nothing that begins', { ...COMMAND, exports: { memory: 'memory' } }, 'EBPM_WASM_INVALID', '"_start"'],
  [
    'has a shared memory',
    {
      ...COMMAND,
      memory: { pages: 1, isShared: true },
      functions: [{ type: 0, code: [] }],
      exports: { _start: 0, memory: 'memory' },
    },
    'EBPM_WASM_INVALID',
    'its memory is shared',
  ],
  [
    'imports what there is not',
    { ...COMMAND, imports: [{ module: 'wasm_bpf', name: 'wasm_become_root', type: 0 }] },
    'EBPM_WASM_INVALID',
    'wasm_bpf.wasm_become_root',
  ],
  [
    'imports a memory',
    { types: [':'], imports: [{ module: 'env', name: 'memory', type: 'memory' }] },
    'EBPM_WASM_INVALID',
    'memory env.memory',
  ],
  [
    'imports a function under another type',
    { types: ['II:I'], memory: { pages: 1 }, imports: [{ ...LOADER, type: 0 }], exports: { memory: 'memory' } },
    'EBPM_WASM_INVALID',
    'imports wasm_bpf.wasm_load_bpf_object as (i64, i64) -> i64, and it is (i32, i32) -> i64',
  ],
  [
    'traps before it begins',
    { ...COMMAND, functions: [{ type: 0, code: [UNREACHABLE] }], start: 0, exports: { memory: 'memory' } },
    'EBPM_WASM_TRAP',
    'unreachable',
  ],
  [
    'calls itself for ever before it begins',
    { ...COMMAND, functions: [{ type: 0, code: call(0) }], start: 0, exports: { memory: 'memory' } },
    'EBPM_WASM_TRAP',
    'it called itself too deeply',
  ],
  [
    'calls the host before it begins',
    {
      ...COMMAND,
      imports: [LOADER],
      functions: [{ type: 0, code: LOAD_FROM_NOWHERE }],
      start: 1,
      exports: { memory: 'memory' },
    },
    'EBPM_WASM_FAULT',
    'called the host before its memory was there',
  ],
  [
    'wants more memory than guests have',
    {
      ...COMMAND,
      memory: { pages: 8193 },
      functions: [{ type: 0, code: [] }],
      exports: { _start: 0, memory: 'memory' },
    },
    'EBPM_WASM_LIMIT',
    'Out of memory',
  ],
  [
    'wants more functions in its table than guests have',
    { ...COMMAND, tableEntries: 100_001, functions: [{ type: 0, code: [] }], exports: { _start: 0, memory: 'memory' } },
    'EBPM_WASM_LIMIT',
    '100001',
  ],
  [
    'is of 2022, and has the JSON of its package behind its memory',
    {
      types: ['ii:i'],
      memory: { pages: 1 },
      imports: [{ module: 'env', name: 'create_bpf', type: 0 }],
      functions: [{ type: 0, code: [...constant(NEARLY_4_GIB), ...constant(16), ...call(0)] }],
      exports: { bpf_main: 1, memory: 'memory' },
    },
    'EBPM_WASM_FAULT',
    'named 16 bytes at 4294967294, and its memory ends at',
  ],
  [
    'is of 2022, and calls abort as C declares it',
    {
      types: [':', 'ii:i'],
      memory: { pages: 1 },
      imports: [{ module: 'env', name: 'abort', type: 0 }],
      functions: [{ type: 1, code: [...call(0), ...constant(0)] }],
      exports: { bpf_main: 1, memory: 'memory' },
    },
    'EBPM_WASM_TRAP',
    'env.abort(0)',
  ],
  [
    'is of 2022, and imports what its runtime gave to Emscripten alone',
    {
      types: ['i:', 'ii:i'],
      memory: { pages: 1 },
      imports: [{ module: 'env', name: 'setTempRet0', type: 0 }],
      functions: [{ type: 1, code: constant(0) }],
      exports: { bpf_main: 1, memory: 'memory' },
    },
    'EBPM_WASM_INVALID',
    'it imports env.setTempRet0, which ebpm does not give to guests',
  ],
  [
    'catches what ends it, and returns',
    {
      ...COMMAND,
      imports: [LOADER],
      functions: [{ type: 0, code: [...TRY, ...LOAD_FROM_NOWHERE, CATCH_ALL, END] }],
      exports: { _start: 1, memory: 'memory' },
    },
    'EBPM_WASM_FAULT',
    'named 16 bytes at 4294967294, and its memory ends at 65536',
  ],
];

/** What guests/misbehaving.c does by these names, and how it ends; none of it comes as far as the kernel. */
const NAMED: readonly (readonly [string, string, string])[] = [
  ['decrypts', 'EBPM_PERMISSIONS_EXCEEDED', 'beyond what was agreed to'],
  ['patches', 'EBPM_PERMISSIONS_EXCEEDED', 'helper bpf_send_signal'],
  ['calls-itself', 'EBPM_WASM_TRAP', 'it called itself too deeply'],
  ['object-behind-memory', 'EBPM_WASM_FAULT', 'The guest named 64 bytes at'],
  ['object-huge', 'EBPM_WASM_FAULT', 'The guest gave an object of 2147483647 bytes'],
  ['object-negative', 'EBPM_WASM_FAULT', 'The guest gave an object of 4294967295 bytes'],
  ['name-without-end', 'EBPM_WASM_FAULT', 'that does not end within 255 bytes'],
];

describe('ebpm run of a module', () => {
  it.each(ODD)('that %s ends it with its error', async (name, parts, code, reason) => {
    const path = join(folder, 'odd', `${name.replaceAll(' ', '-')}.wasm`);
    writeFileSync(path, parts instanceof Uint8Array ? parts : wasmModule(parts));
    const { exitCode, stderr } = await run(path);
    expect(stderr).toContain(reason);
    expect(stderr).toContain(`code: ${code}\n`);
    expect(exitCode).toBe(1);
  });

  it.each(NAMED)('that does what its name says, %s, ends it with %s', async (name, code, reason) => {
    const { exitCode, stderr } = await run(misbehaving, name);
    expect(stderr).toContain(reason);
    expect(stderr).toContain(`code: ${code}\n`);
    expect(exitCode).toBe(1);
  });

  it('that never calls the host again is killed a while after Ctrl-C', async () => {
    const child = spawn(process.execPath, [EBPM, 'run', misbehaving, 'loops'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'close');
    const stderr = text(child.stderr);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await ended).toEqual([1, null]);
    expect(await stderr).toContain('The guest was told to end and did not within 2 s: it was killed\n');
    expect(await stderr).toContain('code: EBPM_WASM_LIMIT\n');
  });

  it.runIf(process.geteuid?.() === 0)(
    'of a root that may become nobody else runs nothing, and says what to type',
    () => {
      const words = ['--bounding-set', '-setuid,-setgid', '--inh-caps', '-all', process.execPath, EBPM];
      const { status, stdout, stderr } = spawnSync('setpriv', [...words, 'run', misbehaving, 'loops'], {
        encoding: 'utf8',
      });
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain('its process cannot become user "nobody": EPERM, Operation not permitted\n');
      expect(stderr).toContain('hint: In a container: --cap-add SETUID --cap-add SETGID\ncode: EBPM_PRIVILEGES_KEPT\n');
    },
  );

  it('that has 65 MB is not read', async () => {
    const path = join(folder, 'large.wasm');
    writeFileSync(path, wasmModule(COMMAND));
    truncateSync(path, 65 * 1024 * 1024);
    const { exitCode, stderr } = await run(path);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('it has 68157440 bytes, and 67108864 are the limit\ncode: EBPM_FILE_UNREADABLE'),
    });
  });

  it.each([
    ['_start', ':', [0x41, 0xac, 0x02, ...call(0)], 44],
    ['bpf_main', 'ii:i', [0x41, 0xac, 0x02], 44],
    ['bpf_main', 'ii:i', [0x41, 0x7f], 1],
  ])('that ends itself in %s (%s) with %j gives the lowest 8 bits of it', async (start, type, code, exitCode) => {
    const path = join(folder, `ends-${exitCode}-${start}.wasm`);
    const isCommand = start === '_start';
    const imports = isCommand ? [{ module: 'wasi_snapshot_preview1', name: 'proc_exit', type: 1 }] : [];
    const exports = { [start]: imports.length, memory: 'memory' } as const;
    const functions = [{ type: 0, code }];
    writeFileSync(path, wasmModule({ types: [type, 'i:'], imports, functions, memory: { pages: 1 }, exports }));
    expect(await run(path)).toMatchObject({ exitCode });
  });

  it.each([
    ['ten', [10], 20],
    ['100,000', [0xa0, 0x8d, 0x06], 21],
  ])('that makes its table %s functions larger goes on with what it may have', async (name, more, exitCode) => {
    const path = join(folder, `grows-by-${more.length}.wasm`);
    const grown = [...NULL_FUNCTION, 0x41, ...more, ...TABLE_GROW];
    // 20, and 1 more where it was refused.
    const code = [...grown, ...constant(MINUS_1), IS_EQUAL, ...constant(20), ADD, ...call(0)];
    const imports = [{ module: 'wasi_snapshot_preview1', name: 'proc_exit', type: 1 }];
    const exports = { _start: 1, memory: 'memory' } as const;
    const functions = [{ type: 0, code }];
    const module = { types: [':', 'i:'], imports, functions, tableEntries: 1, memory: { pages: 1 }, exports };
    writeFileSync(path, wasmModule(module));
    expect(await run(path), name).toMatchObject({ exitCode });
  });

  it('that wants ever more memory goes on with what it may have', async () => {
    expect(await run(misbehaving, 'grows')).toMatchObject({ exitCode: 21 });
  });
});
