import { AsyncLocalStorage } from 'node:async_hooks';
import { runCommandLine } from '../../../packages/cli/src/command-line.js';

/** What came of a command line. */
export interface Command {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Streams = Record<'stdout' | 'stderr', string>;

const current = new AsyncLocalStorage<Streams>();

for (const name of ['stdout', 'stderr'] as const) {
  const write = process[name].write.bind(process[name]);
  process[name].write = (chunk: string | Uint8Array, ...rest: never[]): boolean => {
    const streams = current.getStore();
    if (streams === undefined) return write(chunk, ...rest);
    streams[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
}

/** Runs a command line of ebpm in this process; what it writes goes nowhere else. */
export async function ebpm(words: readonly string[]): Promise<Command> {
  const streams = { stdout: '', stderr: '' };
  process.exitCode = undefined;
  process.argv = [process.execPath, 'main.js', ...words];
  await current.run(streams, () => runCommandLine(words));
  const status = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  return { status, ...streams };
}
