import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CASES, type Case } from './cases.js';

const PRELUDE = fileURLToPath(new URL('prelude.h', import.meta.url));

/** Where a case is: the program of an object that is looked at, or all of them. */
export interface CompiledCase {
  readonly name: string;
  /** Of `objects`, or another file. */
  readonly object: string;
  readonly program: string | undefined;
}

/** Objects by the names of their files, and the cases that are in them. */
export interface CompiledCases {
  readonly objects: ReadonlyMap<string, Uint8Array>;
  readonly cases: readonly CompiledCase[];
}

/**
 * Compiles all cases into a folder. Starting a compiler is what takes time: cases that are a program and nothing else lie in one object, of
 * which one program is looked at for each.
 */
export function compileCases(folder: string): CompiledCases {
  const alone = CASES.filter(isAlone);
  const together = CASES.filter((one) => !isAlone(one));
  for (const { name, source, license = 'GPL' } of alone) write(folder, name, source, license);
  write(folder, TOGETHER, together.map(renamed).join('\n'), 'GPL');
  const names = [TOGETHER, ...alone.map(({ name }) => name)];
  const includes = ['x86_64', 'aarch64'].map((cpu) => `/usr/include/${cpu}-linux-gnu`).filter(existsSync);
  const flags = ['-target', 'bpf', '-g', '-O2', '-w', '-D__TARGET_ARCH_x86', '-include', PRELUDE];
  const files = names.map((name) => `${name}.c`);
  execFileSync('clang', [...flags, ...includes.flatMap((path) => ['-isystem', path]), '-c', ...files], { cwd: folder });
  return {
    objects: new Map(names.map((name) => [`${name}.o`, new Uint8Array(readFileSync(`${folder}/${name}.o`))])),
    cases: [
      ...alone.map(({ name }) => ({ name, object: `${name}.o`, program: undefined })),
      ...together.map(({ name }) => ({ name, object: `${TOGETHER}.o`, program: programName(name) })),
    ],
  };
}

const TOGETHER = 'together';

/** Maps, symbols, settings and tables are the whole object's. */
function isAlone({ source, license }: Case): boolean {
  return license !== undefined || /MAP\(|__ksym|__kconfig|struct_ops/.test(source);
}

/** A section may have the case's name. */
function programName(name: string): string {
  return `case_${name}`;
}

function renamed({ name, source }: Case): string {
  return source.replace(/\bprogram\b/g, programName(name)).replace(/\bsub\b/g, `sub_${name}`);
}

function write(folder: string, name: string, source: string, license: string): void {
  writeFileSync(`${folder}/${name}.c`, `${source}\nchar LICENSE[] SEC("license") = "${license}";\n`);
}
