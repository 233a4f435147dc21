import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles NAME.c of this folder into a static program, which runs in any kernel and whose stack can be walked; gives its path. */
export function buildProgram(name: string, folder: string, libraries: readonly string[] = []): string {
  const source = fileURLToPath(new URL(`${name}.c`, import.meta.url));
  const program = join(folder, basename(name));
  execFileSync('cc', ['-static', ...FLAGS, '-o', program, source, ...libraries]);
  return program;
}

const FLAGS = ['-O2', '-fno-omit-frame-pointer', '-Wall', '-Werror'];
