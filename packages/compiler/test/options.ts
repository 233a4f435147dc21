import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildOptions } from '../src/build-options.js';

/** Options of a build with the tools of this machine, for the processor that the golden files are for. */
export function buildOptions(dir: string): BuildOptions {
  return {
    dir,
    searchPath: process.env['PATH'] ?? '/usr/bin',
    cacheDir: join(tmpdir(), 'ebpm-compiler-test-cache'),
    arch: 'x64',
  };
}
