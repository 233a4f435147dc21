import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { MAX_GUEST_BYTES } from '../limits.js';
import { readLimited } from '../read-limited.js';
import { runTool } from '../run-tool.js';
import { guestLibrary } from './guest-library.js';
import type { CompiledGuest, GuestOptions } from './guest-options.js';
import { runNpmTool } from './run-npm-tool.js';
import { findWasmClang, type WasmClang } from './wasm-clang.js';

/**
 * Compiles the C sources of a guest to a command of WASI, whose functions the host can call back.
 * @throws EBPM_BUILD_COMPILE_FAILED with clang's messages in data.diagnostics, EBPM_TOOL_MISSING, EBPM_BUILD_TOO_LARGE
 */
export async function compileCGuest(options: GuestOptions): Promise<CompiledGuest> {
  const clang = await findWasmClang(options);
  const output = join(options.tempDir, 'app.wasm');
  const { exitCode, stderr } = await (clang.kind === 'system'
    ? runSystemClang(clang.clang, output, options)
    : runNpmClang(clang, output, options));
  if (exitCode !== 0) throw refused(options, exitCode, stderr);
  return { module: await readLimited(output, MAX_GUEST_BYTES), diagnostics: stderr };
}

const FLAGS = [
  '-O2',
  '-Wall',
  '-std=gnu17',
  '-mexec-model=command',
  // The host calls functions by their place in it.
  '-Wl,--export-table',
  // Names and debug information, which tell of this machine's folders.
  '-Wl,--strip-all',
];

async function runSystemClang(clang: string, output: string, options: GuestOptions) {
  const { folder, paths, skeletonDir, headerDirs, color, tempDir } = options;
  const sources = paths.map((path) => argument(join(folder, path)));
  const prefix = sources[0]?.slice(0, -(paths[0]?.length ?? 0)) ?? '';
  const includes = [skeletonDir, guestLibrary(), ...headerDirs].flatMap((dir) => ['-isystem', dir]);
  const maps = [`${tempDir}/=`, ...(prefix === '' ? [] : [`${prefix}=`])].map((map) => `-ffile-prefix-map=${map}`);
  const colors = color ? ['-fcolor-diagnostics'] : [];
  return await runTool(
    clang,
    ['--target=wasm32-wasi', ...FLAGS, ...maps, ...colors, ...includes, '-o', output, ...sources],
    options,
  );
}

/** A name that clang would take for a flag or a file of flags must not look like one. */
function argument(path: string): string {
  return /^[-@]/.test(path) ? `./${path}` : path;
}

/** It sees only the files that are given to it: the folder of the sources, and what else they may include. */
async function runNpmClang({ module }: Extract<WasmClang, { kind: 'npm' }>, output: string, options: GuestOptions) {
  const { folder, paths, skeletonDir, headerDirs, tempDir } = options;
  const root = join(tempDir, 'npm-clang');
  await mkdir(root);
  await cp(folder, join(root, 'source'), {
    recursive: true,
    filter: (path) => !/(^|\/)(node_modules|dist|\.[^/.][^/]*)$/.test(path),
  });
  const dirs = [skeletonDir, guestLibrary(), ...headerDirs];
  for (const [index, dir] of dirs.entries()) await cp(dir, join(root, `include${index}`), { recursive: true });
  const includes = dirs.flatMap((_, index) => ['-isystem', `include${index}`]);
  const sources = paths.map((path) => `source/${path}`);
  const args = [
    '--target=wasm32-wasip1',
    ...FLAGS,
    '-ffile-prefix-map=source/=',
    ...includes,
    '-o',
    'app.wasm',
    ...sources,
  ];
  return await runNpmTool('yowasp.mjs', [module, root, output, ...args], options);
}

function refused({ folder, paths }: GuestOptions, exitCode: number, diagnostics: string): EbpmError {
  const source = paths.length === 1 ? join(folder, paths[0] ?? '') : folder;
  return new EbpmError('EBPM_BUILD_COMPILE_FAILED', `Cannot compile "${source}": clang refuses it`, {
    data: { source, exitCode, diagnostics },
  });
}
