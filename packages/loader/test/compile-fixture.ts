import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FIXTURES = join(import.meta.dirname, 'fixtures');
// Where Debian keeps <asm/types.h>, which clang does not look for when it compiles for BPF.
const MULTIARCH = ['x86_64', 'aarch64'].map((cpu) => `/usr/include/${cpu}-linux-gnu`).filter(existsSync);

/** The object that clang makes of `fixtures/NAME.bpf.c`. */
export function compileObject(name: string): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'ebpm-loader-'));
  try {
    const object = join(directory, `${name}.o`);
    const includes = MULTIARCH.flatMap((path) => ['-isystem', path]);
    const source = join(FIXTURES, `${name}.bpf.c`);
    execFileSync('clang', ['-target', 'bpf', '-g', '-O2', '-Wall', ...includes, '-c', source, '-o', object]);
    return readFileSync(object);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Compiles `fixtures/NAME.c` for this machine, into a directory of its own. */
export function compileProgram(name: string): { path: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'ebpm-loader-'));
  const path = join(directory, name);
  execFileSync('clang', ['-O2', '-Wall', join(FIXTURES, `${name}.c`), '-o', path]);
  return { path, remove: () => rmSync(directory, { recursive: true }) };
}
