import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { EBPM } from '../kernels/installation.js';

/** A conversation on a terminal. */
export interface Dialogue {
  readonly env: Readonly<Record<string, string>>;
  /** What is typed before the command has asked anything. */
  readonly typedAhead?: string;
  /** What is typed once it has asked. */
  readonly answer: string;
  /** What ends the question; default: that of yes or no. */
  readonly question?: string;
  /** A second question, answered by what was shown. */
  readonly next?: { readonly question: string; readonly answer: (shown: string) => string };
}

/** What a terminal showed, and how the command ended. */
export interface Shown {
  readonly exitCode: number;
  readonly text: string;
}

/** Runs `ebpm` on a pseudo-terminal of its own, and answers the questions that it asks, if any. */
export async function onTerminal(
  args: readonly string[],
  { env, typedAhead = '', answer, question = '[y/N] ', next }: Dialogue,
): Promise<Shown> {
  const command = [process.execPath, EBPM, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH: process.env['PATH'] ?? '', TERM: 'dumb', ...env },
  });
  let text = '';
  const dialogue = [{ question, answer: () => answer }, ...(next === undefined ? [] : [next])];
  child.stdin.write(typedAhead);
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const [asked] = dialogue;
    if (asked === undefined || !text.includes(asked.question)) return;
    dialogue.shift();
    child.stdin.write(asked.answer(text));
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode: exitCode ?? -1, text };
}
