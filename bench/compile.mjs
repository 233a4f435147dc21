import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
/** Where Debian keeps <asm/types.h>, which clang does not look for when it compiles for BPF. */
const MULTIARCH = ['x86_64', 'aarch64'].map((cpu) => `/usr/include/${cpu}-linux-gnu`).filter(existsSync);

/** Compiles NAME.bpf.c of this folder, with macros by their names; gives the object's path. */
export function compileBpf(name, folder, macros = {}) {
  const defines = Object.entries(macros).map(([macro, value]) => `-D${macro}=${value}`);
  const object = join(folder, `${[name, ...defines].join('')}.o`);
  const includes = MULTIARCH.flatMap((path) => ['-isystem', path]);
  execFileSync('clang', [
    '-target',
    'bpf',
    '-g',
    '-O2',
    ...includes,
    ...defines,
    '-c',
    join(FOLDER, `${name}.bpf.c`),
    '-o',
    object,
  ]);
  execFileSync('llvm-strip', ['-g', object]);
  return object;
}

/** Compiles NAME.c of this folder as a user would, against the system's libbpf; gives the program's path. */
export function compileC(name, folder) {
  const program = join(folder, name);
  execFileSync('cc', ['-O2', '-Wno-unused-result', '-o', program, join(FOLDER, `${name}.c`), '-lbpf', '-lelf', '-lz']);
  return program;
}

/** Compiles NAME.c of this folder into a WASM module that has the bytes of an eBPF object in object.h; gives the module's path. */
export function compileGuest(name, folder, { object, macros = {} }) {
  const module = join(folder, `${name}.wasm`);
  const header = [
    `static const unsigned char object_bytes[] = {${object.join(',')}};`,
    `enum { object_size = ${object.length} };`,
  ];
  writeFileSync(join(folder, 'object.h'), header.join('\n'));
  const defines = Object.entries(macros).map(([macro, value]) => `-D${macro}=${value}`);
  const flags = ['--target=wasm32-wasi', '-O2', '-Wl,--export-table', '-I', folder, ...defines];
  execFileSync('clang', [...flags, '-o', module, join(FOLDER, `${name}.c`)]);
  return module;
}
