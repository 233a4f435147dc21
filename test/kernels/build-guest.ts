import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFixture } from '../support/compile-fixture.js';

const FOLDER = new URL('guests/', import.meta.url);

/** What a guest is made of. */
export interface GuestParts {
  /** Where it is built. */
  readonly folder: string;
  /** Objects that it carries: guests/NAME.bpf.c. */
  readonly objects: readonly string[];
  /** Those of which every byte is changed, so that they are not found in it. */
  readonly hidden?: readonly string[];
}

/** Compiles guests/NAME.c into a WASM module that carries objects, as arrays of objects.h by the names OBJECT_object; gives the module's path. */
export function buildGuest(name: string, { folder, objects, hidden = [] }: GuestParts): string {
  const headers = join(folder, name);
  mkdirSync(headers);
  const arrays = [
    ...objects.map((object) => arrayOf(object, compiled(object))),
    ...hidden.map((object) =>
      arrayOf(
        object,
        compiled(object).map((byte) => byte ^ HIDING),
      ),
    ),
  ];
  writeFileSync(join(headers, 'objects.h'), ['#include <stdint.h>', ...arrays].join('\n'));
  const module = join(folder, `${name}.wasm`);
  const source = fileURLToPath(new URL(`${name}.c`, FOLDER));
  execFileSync('clang', [...FLAGS, '-I', headers, '-o', module, source]);
  return module;
}

/** Callbacks are reached through the table, which lld keeps for itself unless it is told. */
const FLAGS = ['--target=wasm32-wasi', '-O2', '-Wall', '-Wl,--export-table'];
/** What misbehaving.c takes away again. */
const HIDING = 0x5a;

function compiled(object: string): Uint8Array {
  return compileFixture(new URL(`${object}.bpf.c`, FOLDER));
}

function arrayOf(name: string, bytes: Uint8Array): string {
  return [
    `__attribute__((unused)) static uint8_t ${name}_object[] = {${bytes.join(',')}};`,
    `enum { ${name}_object_size = ${bytes.length} };`,
  ].join('\n');
}
