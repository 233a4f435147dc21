import { EbpmError } from '@ebpm/formats';
import type { Output } from './context.js';
import { parseOneTimeCode } from './one-time-code.js';
import { readSecret, type SecretInput } from './read-secrets.js';

/** Where a one-time code comes from: the command line, or whoever sits at a terminal. */
export interface CodeSource {
  /** `--otp`. */
  readonly code: string | undefined;
  readonly stdin: SecretInput;
  readonly stderr: Output;
}

/**
 * Does something for which the registry may want a one-time code. Where it does, none was typed and there is a terminal, it is asked for,
 * and the thing is done again.
 *
 * @throws EBPM_USAGE_INVALID when what is typed is no code, and what `use` throws
 */
export async function withOneTimeCode<T>(
  { code, stdin, stderr }: CodeSource,
  use: (code: string | undefined) => Promise<T>,
): Promise<T> {
  try {
    return await use(code);
  } catch (error) {
    if (code !== undefined || stdin.isTTY !== true || !asksForCode(error)) throw error;
    return use(parseOneTimeCode(await readSecret(stdin, stderr, 'Code of your authenticator app: ')));
  }
}

/** Who has no codes set up is told so, and not asked for one. */
function asksForCode(error: unknown): boolean {
  return error instanceof EbpmError && error.code === 'EBPM_OTP_REQUIRED' && error.data?.['isSetUp'] !== false;
}
