import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The command line that this is beside. */
export const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** A run in the foreground that has attached its programs, or has ended. */
export interface Run {
  readonly child: ChildProcess & { readonly pid: number };
  /** Its exit code. */
  readonly closed: Promise<number | null>;
  readonly text: Readonly<Record<'stdout' | 'stderr', string>>;
}

/** Starts `ebpm run`, and waits until its programs are attached. */
export async function startRun(words: readonly string[]): Promise<Run> {
  const child = spawn(process.execPath, [MAIN, 'run', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close').then(([code]) => code as number | null);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  await until(() => text.stderr.includes(': attached ') || child.exitCode !== null);
  return { child: child as Run['child'], closed, text };
}

/** What the kernel says of each thread of a process. */
export function threadsOf(pid: number): readonly Readonly<Record<string, string>>[] {
  return readdirSync(`/proc/${pid}/task`).map((tid) => {
    const status = readFileSync(`/proc/${pid}/task/${tid}/status`, 'utf8');
    const wanted = /^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs):[ \t]*(.*?)[ \t]*$/gm;
    return Object.fromEntries([...status.matchAll(wanted)].map(([, name, value]) => [name, value]));
  });
}

/** The processes that a process has started. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

/** The ids of all programs and links in the kernel. */
export function kernelIds(programIdsPath: string): readonly string[] {
  const { stdout, status } = spawnSync(programIdsPath, ['links'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${programIdsPath} ended with ${status}`);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Whether it became true in time. */
export async function until(condition: () => boolean | Promise<boolean>, lookMs = 20): Promise<boolean> {
  for (const from = Date.now(); Date.now() - from < WITHIN_MS; await sleep(lookMs)) if (await condition()) return true;
  return false;
}

const WITHIN_MS = 60_000;
