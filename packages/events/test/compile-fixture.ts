import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles `fixtures/<name>.bpf.c` with clang and gives the object's bytes. */
export function compileFixture(name: string): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'ebpm-events-'));
  try {
    const source = fileURLToPath(new URL(`fixtures/${name}.bpf.c`, import.meta.url));
    const object = join(directory, `${name}.bpf.o`);
    execFileSync('clang', ['-g', '-O2', '-target', 'bpf', '-c', source, '-o', object]);
    return new Uint8Array(readFileSync(object));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
