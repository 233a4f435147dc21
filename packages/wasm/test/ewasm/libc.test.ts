import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMPILING_MS } from '../compile-guest.js';
import { compileEwasm, runEwasm } from './ewasm-guest.js';

/** What the same source prints where it is built for this machine, with its own C library. */
function printedHere(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'ebpm-wasm-'));
  try {
    const program = join(directory, name);
    execFileSync('clang', [
      '-O1',
      '-w',
      '-fno-builtin',
      join(import.meta.dirname, `fixtures/${name}.c`),
      '-o',
      program,
    ]);
    return execFileSync(program, { encoding: 'latin1' });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('libcImports() under a C program', () => {
  it.each(['printing', 'strings'])(
    'print what the C library of this machine does: %s',
    (name) => {
      const { stdout, result, error } = runEwasm(compileEwasm(name));
      expect(error).toBeUndefined();
      expect(stdout.split('\n')).toEqual(printedHere(name).split('\n'));
      expect(result).toBe(0);
    },
    COMPILING_MS,
  );
});
