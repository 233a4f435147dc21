import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { EbpmError } from '@ebpm/formats';
import { Errors } from '@oclif/core';
import type { Output } from './context.js';
import { counted } from './counted.js';

/** Where secrets come from: a terminal or a pipe. */
export type SecretInput = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Bytes of a pipe that are looked at: far more than the longest token. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads tokens, passwords and codes: from a pipe a line for each, empty where it has no more, from a terminal after a question, without
 * showing what is typed.
 *
 * @throws EBPM_USAGE_INVALID when the pipe has more lines, or more than 64 KiB
 */
export async function readSecrets(
  stdin: SecretInput,
  stderr: Output,
  questions: readonly string[],
): Promise<readonly string[]> {
  if (stdin.isTTY !== true) return readLines(stdin, questions.length);
  const answers: string[] = [];
  for (const question of questions) {
    try {
      answers.push(await readSilently(stdin, () => stderr.write(question)));
    } finally {
      stderr.write('\n');
    }
  }
  return answers;
}

/** One of them. */
export async function readSecret(stdin: SecretInput, stderr: Output, question: string): Promise<string> {
  const [secret = ''] = await readSecrets(stdin, stderr, [question]);
  return secret;
}

async function readLines(stdin: SecretInput, count: number): Promise<readonly string[]> {
  let text = '';
  for await (const chunk of stdin) {
    text += chunk;
    if (text.length > MAX_BYTES) throw new EbpmError('EBPM_USAGE_INVALID', 'Cannot use what stdin has: it is too long');
  }
  const lines = text.replace(/(\r?\n)+$/, '').split(/\r?\n/);
  if (lines.length <= count) return Array.from({ length: count }, (_, index) => lines[index] ?? '');
  throw new EbpmError(
    'EBPM_USAGE_INVALID',
    `Cannot use what stdin has: ${lines.length} lines, where ${counted(count, 'line is', 'lines are')} wanted`,
  );
}

/** readline puts the terminal into raw mode, before anything is asked, and would echo by itself: its output leads nowhere. */
function readSilently(input: SecretInput, ask: () => void): Promise<string> {
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output, terminal: true, historySize: 0 });
  return new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
    lines.once('SIGINT', () => reject(new Errors.ExitError(130)));
    ask();
  }).finally(() => lines.close());
}
