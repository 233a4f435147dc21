import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EBPM } from '../kernels/installation.js';

/** Where a command runs: its home (with its temporary folder) and its working folder, which anybody may write to. */
export interface Room {
  readonly home: string;
  readonly cwd: string;
}

/** How a command is started. */
export interface Attempt {
  readonly room: Room;
  readonly env?: Readonly<Record<string, string>>;
  /** Words before `node`. */
  readonly wrapper?: readonly string[];
  readonly uid?: number;
  readonly input?: string;
}

/** How a command failed. */
export interface Refusal {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** Lines on stderr that begin with `error:`, and with `code:`. */
  readonly errors: readonly string[];
  readonly codes: readonly string[];
  /** Lines on stderr with control characters. */
  readonly raw: readonly string[];
  /** Files that came, went or changed in the room. */
  readonly changed: readonly string[];
}

/** What takes longer hangs. */
const LIMIT_MS = 30_000;

/** Makes an empty room in a folder. */
export function newRoom(folder: string): Room {
  const room = { home: join(folder, 'home'), cwd: join(folder, 'cwd') };
  for (const path of [room.home, join(room.home, 'tmp'), room.cwd]) {
    mkdirSync(path);
    chmodSync(path, 0o777);
  }
  return room;
}

/** Runs an `ebpm` command that is to fail, and looks at what it left behind. */
export async function refusedCommand(args: readonly string[], attempt: Attempt): Promise<Refusal> {
  const { room, env = {}, wrapper = [], uid, input = '' } = attempt;
  const before = listing(room);
  const [program = '', ...words] = [...wrapper, process.execPath, EBPM, ...args];
  const child = spawn(program, words, {
    cwd: room.cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: room.home, TMPDIR: join(room.home, 'tmp'), ...env },
    timeout: LIMIT_MS,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  // A command that does not read its stdin may be gone before all is written.
  child.stdin.on('error', () => {}).end(input);
  const [exitCode] = await once(child, 'close');
  const lines = output.stderr.split('\n');
  const after = listing(room);
  return {
    exitCode,
    stdout: output.stdout,
    errors: lines.filter((line) => line.startsWith('error: ')),
    codes: lines.filter((line) => line.startsWith('code: ')).map((line) => line.slice('code: '.length)),
    raw: lines.filter((line) => /\p{Cc}/u.test(line)),
    changed: [...before.filter((line) => !after.includes(line)), ...after.filter((line) => !before.includes(line))],
  };
}

function listing({ home, cwd }: Room): readonly string[] {
  return [home, cwd].flatMap((folder) =>
    ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].map((path) => {
      const { mode, size, mtimeMs } = lstatSync(join(folder, path));
      return `${join(folder, path)} ${mode} ${size} ${mtimeMs}`;
    }),
  );
}
