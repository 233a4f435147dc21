import { Errors } from '@oclif/core';

/** The name of a background run, checked: it is typed in commands and shown in tables. */
export async function parseRunName(text: string): Promise<string> {
  if (/^[a-z0-9][a-z0-9._-]{0,63}$/.test(text)) return text;
  throw new Errors.CLIError(
    `Cannot call a run "${text}": a name has lower-case letters, digits, dots, dashes and underscores`,
  );
}
