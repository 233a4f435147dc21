import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = fileURLToPath(new URL('../../packages/registry/bin/ebpm-registry.cjs', import.meta.url));

/** Where a registry keeps everything, and what its processes need to get at it. */
export interface RegistryPlace {
  /** The value of --store. */
  readonly store: string;
  readonly keyFile: string;
  /** Further environment: credentials of S3. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a command printed, and how it ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `ebpm-registry`, the real program in a process of its own. */
export class RegistryProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.#exit = once(child, 'exit');
    this.url = url;
  }

  /**
   * Starts one on a free port, and waits until it listens.
   * @param logLevel "silent" where failures are what the test is about
   */
  static async start(place: RegistryPlace, program = PROGRAM, logLevel = 'error'): Promise<RegistryProcess> {
    const args = [program, ...placeFlags(place), '--port', '0', '--json', '--log-level', logLevel];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...place.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (!Buffer.isBuffer(line)) throw new Error(`ebpm-registry ended with ${line} before it listened`);
    return new RegistryProcess(child, JSON.parse(line.toString()).listening);
  }

  /** The id of the process. */
  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new TypeError('the process did not start');
    return pid;
  }

  /** Sends a signal and waits for the end; gives the exit code, or the signal that it died of. */
  async end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<unknown> {
    this.#child.kill(signal);
    const [code, diedOf] = await this.#exit;
    return code ?? diedOf;
  }
}

/** Runs a command of `ebpm-registry` on a store to its end. */
export function runRegistry(place: RegistryPlace, ...args: readonly string[]): Promise<CommandResult> {
  return runProgram([...args, ...placeFlags(place)], place.env);
}

/** Runs `ebpm-registry` to its end. */
export async function runProgram(args: readonly string[], env: RegistryPlace['env'] = {}): Promise<CommandResult> {
  const run = promisify(execFile)(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...env } });
  try {
    return { exitCode: 0, ...(await run) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}

/** Adds a user and gives a token. */
export async function newToken(place: RegistryPlace, name: string): Promise<string> {
  await runRegistry(place, 'user', 'add', name);
  return (await runRegistry(place, 'token', 'create', name)).stdout.trim();
}

function placeFlags({ store, keyFile }: RegistryPlace): string[] {
  return ['--store', store, '--key-file', keyFile];
}
