import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { GUEST_COMMAND, guestFiles } from '../../packages/cli/src/guest-files.js';
import { buildProgram } from './build-program.js';
import { BUNDLE, EBPM, LAB_CACHE } from './installation.js';
import type { Kernel } from './kernels.js';

/** A run of a WASM package. */
export interface GuestRun {
  /** Of `ebpm run`: flags, the module's path and its arguments, in which CGROUP and CPUS stand for a cgroup and the number of processors. */
  readonly words: readonly string[];
  /** What is done to it when it has said "ready": see guests.mjs. */
  readonly once?: string;
}

/** What guests.mjs wrote down of it. */
export interface SeenGuest {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Ids of programs, links and maps that came with it and stayed. */
  readonly left: readonly string[];
  /** Processes of guests that stayed. */
  readonly guestsLeft: readonly number[];
  readonly threads?: readonly Readonly<Record<string, string>>[];
  readonly descriptors?: readonly string[];
  readonly during?: number;
  readonly isGuestGone?: boolean;
}

const DRIVER = fileURLToPath(new URL('guests.mjs', import.meta.url));
const DEADLINE_MS = 280_000;

/** Runs them one after another on a kernel, in one boot. */
export async function runGuests<Name extends string>(
  kernel: Kernel,
  runs: Readonly<Record<Name, GuestRun>>,
  folder: string,
): Promise<Readonly<Record<Name, SeenGuest>>> {
  mkdirSync(join(folder, kernel.name));
  const programs = {
    caller: buildProgram('guests/caller', folder),
    actor: buildProgram('actor', folder),
    programIds: buildProgram('program-ids', folder),
  };
  const { version } = kernel;
  const request = { runs, ...programs, ebpm: [process.execPath, EBPM] };
  return version === undefined ? runHere(request, join(folder, kernel.name)) : runThere(version, request);
}

type Request = Readonly<Record<'caller' | 'actor' | 'programIds', string>> & {
  readonly ebpm: readonly string[];
  readonly runs: Readonly<Record<string, GuestRun>>;
};

/** In a network of its own, whose loopback interface is nobody else's. */
function runHere(request: Request, folder: string) {
  writeFileSync(join(folder, 'request'), JSON.stringify(request));
  const words = ['-n', process.execPath, DRIVER, join(folder, 'request'), join(folder, 'result')];
  // vitest says that this is a test, and then oclif looks for TypeScript.
  const env = { ...process.env, NODE_ENV: 'production', EBPM_HOME: join(folder, 'home') };
  const { stderr, status } = spawnSync('unshare', words, { encoding: 'utf8', timeout: DEADLINE_MS, env });
  if (!existsSync(join(folder, 'result'))) throw new Error(`guests.mjs ended with ${status}:\n${stderr}`);
  return JSON.parse(readFileSync(join(folder, 'result'), 'utf8'));
}

async function runThere(version: '6.1' | '6.12', { runs, caller, actor, programIds }: Request) {
  const modules = new Set(Object.values(runs).flatMap(({ words }) => words.filter((word) => existsSync(word))));
  const placed = Object.entries(runs).map(([name, run]) => [
    name,
    { ...run, words: run.words.map((word) => (modules.has(word) ? `/test/${basename(word)}` : word)) },
  ]);
  const request: Request = {
    ebpm: GUEST_COMMAND,
    caller: '/test/caller',
    actor: '/test/actor',
    programIds: '/test/program-ids',
    runs: Object.fromEntries(placed),
  };
  const { results, stderr, exitCode } = await runInLab({
    kernel: version,
    cacheDir: LAB_CACHE,
    command: ['node', '/test/guests.mjs', '/test/request', '/test/result'],
    files: {
      ...guestFiles(BUNDLE),
      ...Object.fromEntries([...modules].map((path) => [`/test/${basename(path)}`, path])),
      [request.caller]: caller,
      [request.actor]: actor,
      [request.programIds]: programIds,
      '/test/guests.mjs': DRIVER,
      '/test/request': Buffer.from(JSON.stringify(request)),
    },
    results: ['/test/result'],
    deadlineMs: DEADLINE_MS,
  });
  const result = results['/test/result'];
  if (result === undefined) throw new Error(`guests.mjs ended with ${exitCode} and wrote nothing:\n${stderr}`);
  return JSON.parse(Buffer.from(result).toString('utf8'));
}
