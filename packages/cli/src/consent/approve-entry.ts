import { parseApproval, writeApproval } from '@ebpm/client';
import { createContext } from '../context.js';
import { exitCodeOf, toEbpmError } from '../error-output.js';
import { readStdin } from '../read-input.js';

/** Keeps the approval on stdin for `keepApproval`; the error, if any, goes to stdout as JSON. */
export async function approveEntry(): Promise<void> {
  const { home, stdout } = createContext(process.env);
  try {
    await writeApproval(home, parseApproval(await readStdin(process.stdin)));
  } catch (error) {
    const failure = toEbpmError(error);
    const { code, message, hint } = failure;
    stdout.write(JSON.stringify({ error: { code, message, hint } }));
    process.exitCode = exitCodeOf(failure);
  }
}
