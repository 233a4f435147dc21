import { randomFillSync } from 'node:crypto';
import {
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engine, type WasmMemory } from '../../src/engine.js';
import { GuestExit } from '../../src/guest-exit.js';
import { GuestMemory } from '../../src/guest-memory.js';
import { systemClock } from '../../src/wasi/system-clock.js';
import { systemFiles } from '../../src/wasi/system-files.js';
import { wasiImports } from '../../src/wasi/wasi-imports.js';
import { COMPILING_MS, compileGuest } from '../compile-guest.js';

describe('wasiImports() under a C program with wasi-libc', () => {
  it(
    'give it arguments, environment, files, clocks and an end of its own',
    () => {
      const root = mkdtempSync(join(tmpdir(), 'ebpm-wasi-'));
      for (const name of ['data', 'locked']) mkdirSync(join(root, name));
      writeFileSync(join(root, 'data/lines.txt'), 'one\ntwo\n');
      writeFileSync(join(root, 'data/gone.txt'), '');
      symlinkSync('/etc/passwd', join(root, 'data/out'));
      writeFileSync(join(root, 'locked/file'), 'locked\n');
      const open = (name: string) => openSync(join(root, name), constants.O_RDONLY | constants.O_DIRECTORY);

      const memory = new GuestMemory();
      const output = { stdout: '', stderr: '' };
      const instance = new engine.Instance(
        new engine.Module(compileGuest(join(import.meta.dirname, 'fixtures/tour.c'))),
        {
          wasi_snapshot_preview1: wasiImports({
            memory,
            args: ['tour.wasm', '--flag'],
            env: new Map([['WORD', 'grün']]),
            preopens: [
              { guestPath: '/data', fd: open('data'), writable: true },
              { guestPath: '/locked', fd: open('locked'), writable: false },
            ],
            files: systemFiles(),
            stdout: (bytes) => {
              output.stdout += Buffer.from(bytes);
            },
            stderr: (bytes) => {
              output.stderr += Buffer.from(bytes);
            },
            isTerminal: () => false,
            clock: systemClock,
            random: randomFillSync,
            sleep: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
          }),
        },
      );
      memory.bind(instance.exports['memory'] as WasmMemory);
      expect(() => (instance.exports['_start'] as () => void)()).toThrow(new GuestExit(7));
      expect(output.stdout.split('\n')).toEqual([
        'argv[0]=tour.wasm',
        'argv[1]=--flag',
        'WORD=grün HOME=(none)',
        '/data has 3',
        '/data/lines.txt: one',
        '/data/lines.txt: two',
        'fopen /data/out: Operation not permitted',
        'fopen /etc/passwd: Capabilities insufficient',
        'rename 0, unlink 0, mkdir 0',
        'stat 0, 18 bytes',
        'locked: Capabilities insufficient',
        '/locked/file: locked',
        'slept enough, year plausible',
        'random bytes',
        'stdin ends',
        '',
      ]);
      expect(output.stderr).toBe('done\n');
      expect(readdirSync(join(root, 'data')).sort()).toEqual(['kept.txt', 'lines.txt', 'new', 'out']);
      expect(readFileSync(join(root, 'data/kept.txt'), 'utf8')).toBe('12 squared is 144\n');
      rmSync(root, { recursive: true });
    },
    COMPILING_MS,
  );
});
