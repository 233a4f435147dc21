import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { GUEST_COMMAND, guestFiles } from '../../packages/cli/src/guest-files.js';
import { BUNDLE, EBPM, LAB_CACHE } from './installation.js';
import type { Kernel } from './kernels.js';

/** One run of ebpm beside a workload. */
export interface Watch {
  readonly name: string;
  /** Path of the package. */
  readonly pkg: string;
  /** Flags of `ebpm run`. */
  readonly flags?: readonly string[];
  /** Arguments of the tool, in which SELF is the workload's pid. */
  readonly args: readonly string[];
  /** Path of a program, and its arguments; it says "ready PID" and waits for a line. */
  readonly workload: readonly [string, ...string[]];
  /** A file that is read when the run is over. */
  readonly file?: string;
  /** Ends the run with SIGKILL. */
  readonly kill?: boolean;
  /** Records it, too. */
  readonly record?: boolean;
}

/** What watch.mjs wrote down of it. */
export interface Watched {
  readonly pid: number;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly file: string;
  /** Tracefs instances of ours while it ran, and afterwards. */
  readonly during: readonly string[];
  readonly after: readonly string[];
}

/** Where the recording of a run on a kernel lies. */
export function recordingPath(folder: string, { version }: Kernel, name: string): string {
  return join(folder, `${name}-${version ?? 'here'}.ebpmr`);
}

const DRIVER = fileURLToPath(new URL('watch.mjs', import.meta.url));
/** Of a busy machine; a quiet one needs 20 s. */
const DEADLINE_MS = 180_000;

/** Makes all runs one after another in one boot of a kernel. What is made for them, their recordings too, lies in the folder. */
export async function watchAll(
  kernel: Kernel,
  watches: readonly Watch[],
  folder: string,
): Promise<Readonly<Record<string, Watched>>> {
  return kernel.version === undefined
    ? watchHere(kernel, watches, folder)
    : watchInLab(kernel, kernel.version, watches, folder);
}

async function watchInLab(kernel: Kernel, version: '6.1' | '6.12', watches: readonly Watch[], folder: string) {
  const paths = new Set(watches.flatMap(({ pkg, workload }) => [pkg, ...workload.filter(existsSync)]));
  const there = (path: string) => (paths.has(path) ? `/test/${basename(path)}` : path);
  const recordingOf = ({ name }: Watch) => `/tmp/${name}.ebpmr`;
  const recorded = watches.filter(({ record }) => record === true);
  const requests = watches.map((watch) => requestOf(watch, GUEST_COMMAND, recordingOf(watch), there));
  const { results, stderr, exitCode } = await runInLab({
    kernel: version,
    cacheDir: LAB_CACHE,
    command: ['node', '/test/watch.mjs', '/test/request', '/test/result'],
    files: {
      ...guestFiles(BUNDLE),
      '/test/watch.mjs': DRIVER,
      '/test/request': Buffer.from(JSON.stringify(requests)),
      ...Object.fromEntries([...paths].map((path) => [there(path), path])),
    },
    results: ['/test/result', ...recorded.map(recordingOf)],
    deadlineMs: DEADLINE_MS,
  });
  const result = results['/test/result'];
  if (result === undefined) throw new Error(`watch.mjs ended with ${exitCode} and wrote nothing:\n${stderr}`);
  for (const watch of recorded) {
    writeFileSync(recordingPath(folder, kernel, watch.name), results[recordingOf(watch)] ?? '');
  }
  return JSON.parse(Buffer.from(result).toString('utf8'));
}

function watchHere(kernel: Kernel, watches: readonly Watch[], folder: string) {
  const requests = watches.map((watch) => {
    return requestOf(watch, [process.execPath, EBPM], recordingPath(folder, kernel, watch.name), (path) => path);
  });
  writeFileSync(`${folder}/request`, JSON.stringify(requests));
  const { stderr, status } = spawnSync(process.execPath, [DRIVER, `${folder}/request`, `${folder}/result`], {
    encoding: 'utf8',
    timeout: DEADLINE_MS,
  });
  if (!existsSync(`${folder}/result`)) throw new Error(`watch.mjs ended with ${status} and wrote nothing:\n${stderr}`);
  return JSON.parse(readFileSync(`${folder}/result`, 'utf8'));
}

function requestOf(
  { name, pkg, flags = [], args, workload, file, kill, record }: Watch,
  ebpm: readonly string[],
  recording: string,
  there: (path: string) => string,
) {
  const own = record === true ? ['--record', recording, ...flags] : flags;
  return { name, ebpm: [...ebpm, 'run', ...own, there(pkg), ...args], workload: workload.map(there), file, kill };
}
