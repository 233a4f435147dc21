import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { EbpmError } from '@ebpm/formats';
import { Errors } from '@oclif/core';
import type { Output } from './context.js';

/** Where a token comes from: a terminal or a pipe. */
export type TokenInput = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Bytes of a pipe that are looked at: far more than the longest token. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads a token: from a pipe to its end, from a terminal after a question, without showing what is typed.
 *
 * @throws EBPM_USAGE_INVALID when the pipe has more than 64 KiB
 */
export async function readToken(stdin: TokenInput, stderr: Output, question: string): Promise<string> {
  if (stdin.isTTY !== true) return readPipe(stdin);
  try {
    return await readSilently(stdin, () => stderr.write(question));
  } finally {
    stderr.write('\n');
  }
}

async function readPipe(stdin: TokenInput): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += chunk;
    if (text.length > MAX_BYTES)
      throw new EbpmError('EBPM_USAGE_INVALID', 'Cannot read a token from stdin: it is too long');
  }
  return text;
}

/** readline puts the terminal into raw mode, before anything is asked, and would echo by itself: its output leads nowhere. */
function readSilently(input: TokenInput, ask: () => void): Promise<string> {
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output, terminal: true, historySize: 0 });
  return new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
    lines.once('SIGINT', () => reject(new Errors.ExitError(130)));
    ask();
  }).finally(() => lines.close());
}
