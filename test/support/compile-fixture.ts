import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where Debian keeps <asm/types.h>, which clang does not look for when it compiles for BPF. */
const MULTIARCH = ['x86_64', 'aarch64'].map((cpu) => `/usr/include/${cpu}-linux-gnu`).filter(existsSync);

/** Compiles the C source of an eBPF fixture with clang; gives the object's bytes. */
export function compileFixture(source: URL): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-fixture-'));
  try {
    const object = join(folder, 'fixture.o');
    const includes = MULTIARCH.flatMap((path) => ['-isystem', path]);
    const flags = ['-target', 'bpf', '-g', '-O2', '-D__TARGET_ARCH_x86', ...includes];
    execFileSync('clang', [...flags, '-c', fileURLToPath(source), '-o', object]);
    return new Uint8Array(readFileSync(object));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
