import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guestLibrary } from '../../src/guest/guest-library.js';
import { findWasmClang } from '../../src/guest/wasm-clang.js';
import { runTool } from '../../src/run-tool.js';
import { newDir } from '../project-dir.js';

/** What clang for WASM says of a header, warnings as errors; empty when it takes it. */
export async function wordsOfClang(header: string): Promise<string> {
  const found = await findWasmClang({ searchPath: process.env['PATH'] ?? '' });
  if (found.kind !== 'system') throw new Error('there is no system clang for WASM');
  const dir = await newDir();
  const source = join(dir, 'guest.c');
  await writeFile(join(dir, 'guest.h'), header);
  await writeFile(source, '#include "guest.h"\n');
  const flags = [
    '--target=wasm32-wasi',
    '-std=gnu17',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-fsyntax-only',
    '-I',
    guestLibrary(),
  ];
  const { exitCode, stderr } = await runTool(found.clang, [...flags, source]);
  return exitCode === 0 ? '' : stderr;
}
