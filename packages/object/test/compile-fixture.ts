import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));

/** Where linux/types.h finds asm/types.h on Debian; a directory that is not there does no harm. */
const HOST_HEADERS = ['x86_64', 'aarch64'].map((machine) => `-I/usr/include/${machine}-linux-gnu`);

/**
 * The object of a fixture, compiled by clang and kept until its source changes. A line `// flags: ...` adds flags, a macro
 * chooses one of several mistakes.
 */
export function compileFixture(name: string, macro?: string): { path: string; bytes: Uint8Array } {
  const defines = macro === undefined ? [] : [`-D${macro}`];
  return cached([name, ...defines].join(''), join(FIXTURES, `${name}.bpf.c`), (source, output) => {
    const [, extra = ''] = /^\/\/ flags: (.*)$/m.exec(readFileSync(source, 'utf8')) ?? [];
    const flags = ['-g', '-O2', '-target', 'bpf', '-D__TARGET_ARCH_x86', ...HOST_HEADERS, ...defines];
    execFileSync('clang', [...flags, ...extra.split(' ').filter(Boolean), '-c', source, '-o', output]);
  });
}

/** The same object as `bpftool gen object`, libbpf's linker, writes it. */
export function linkFixture(name: string): { path: string; bytes: Uint8Array } {
  return cached(`${name}.linked`, compileFixture(name).path, (source, output) => {
    execFileSync('bpftool', ['gen', 'object', output, source]);
  });
}

/** The same object without its DWARF sections, as packages carry it. */
export function stripFixture(name: string): { path: string; bytes: Uint8Array } {
  return cached(`${name}.stripped`, compileFixture(name).path, (source, output) => {
    execFileSync('llvm-strip', ['-g', source, '-o', output]);
  });
}

/** Test files run at the same time, so the file appears under its name only when it is whole. */
function cached(name: string, source: string, make: (source: string, output: string) => void) {
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const directory = join(tmpdir(), `ebpm-object-fixtures-${digest}`);
  const path = join(directory, `${name.replaceAll('/', '-')}.o`);
  if (!existsSync(path)) {
    mkdirSync(directory, { recursive: true });
    const unfinished = `${path}.${process.pid}.o`;
    make(source, unfinished);
    renameSync(unfinished, path);
  }
  return { path, bytes: new Uint8Array(readFileSync(path)) };
}
