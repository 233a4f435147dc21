import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How long a test may take that compiles: clang takes its time on a machine that is busy. */
export const COMPILING_MS = 60_000;

/** The module that clang makes of a C file: with a C library it is a command of WASI, else `flags` say what it is. */
export function compileGuest(source: string, flags: readonly string[] = ['--target=wasm32-wasi']): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'ebpm-wasm-'));
  try {
    const module = join(directory, 'guest.wasm');
    execFileSync('clang', ['-O1', '-Wall', ...flags, source, '-o', module]);
    return readFileSync(module);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
