import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
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

/** Programs that act when a guest wants it, and look for what is left of it, as paths. */
type GuestPrograms = Readonly<Record<'caller' | 'actor' | 'programIds', string>>;

/** What runs, and where. */
export interface GuestRuns {
  readonly kernel: Kernel;
  readonly runs: Readonly<Record<string, GuestRun>>;
  readonly programs: GuestPrograms;
  /** For what is written meanwhile. */
  readonly folder: string;
}

const DRIVER = fileURLToPath(new URL('guests.mjs', import.meta.url));
/** Dozens of runs, in an emulated machine that may have to share its processor. */
const DEADLINE_MS = 560_000;

export function buildGuestPrograms(folder: string): GuestPrograms {
  return {
    caller: buildProgram('guests/caller', folder),
    actor: buildProgram('actor', folder),
    programIds: buildProgram('program-ids', folder),
  };
}

/** Runs them one after another on a kernel, in one boot. */
export function runGuests({ kernel: { version }, runs, programs, folder }: GuestRuns): Promise<Results> {
  const request = { runs, ...programs, ebpm: [process.execPath, EBPM] };
  return version === undefined ? runHere(request, folder) : runThere(version, request);
}

type Results = Readonly<Record<string, SeenGuest>>;

type Request = GuestPrograms & {
  readonly ebpm: readonly string[];
  readonly runs: GuestRuns['runs'];
};

/** In a network of its own, whose loopback interface is nobody else's. */
async function runHere(request: Request, folder: string): Promise<Results> {
  const [asked, answered] = [join(folder, 'request'), join(folder, 'result')];
  writeFileSync(asked, JSON.stringify(request));
  // vitest says that this is a test, and then oclif looks for TypeScript.
  const env = { ...process.env, NODE_ENV: 'production', EBPM_HOME: join(folder, 'home') };
  const child = spawn('unshare', ['-n', process.execPath, DRIVER, asked, answered], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: DEADLINE_MS,
    env,
  });
  const stderr = text(child.stderr);
  const [status] = await once(child, 'close');
  if (!existsSync(answered)) throw new Error(`guests.mjs ended with ${status}:\n${await stderr}`);
  return JSON.parse(readFileSync(answered, 'utf8'));
}

async function runThere(version: '6.1' | '6.12', { runs, caller, actor, programIds }: Request): Promise<Results> {
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
