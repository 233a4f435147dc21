import { EbpmError } from '@ebpm/formats';
import { type ProgramArguments, type ProgramOption, parseProgramArguments } from '@ebpm/runner';
import type { RunRequest } from './run-here.js';

/**
 * Reads the words after the package's name.
 *
 * @throws EBPM_ARGUMENT_UNKNOWN, EBPM_ARGUMENT_INVALID
 */
export async function programArguments(
  options: readonly ProgramOption[],
  { programArgs, spec }: Pick<RunRequest, 'programArgs' | 'spec'>,
): Promise<ProgramArguments> {
  try {
    return parseProgramArguments(options, programArgs);
  } catch (error) {
    if (!(error instanceof EbpmError) || error.code !== 'EBPM_ARGUMENT_UNKNOWN') throw error;
    const { withOwnFlag } = await import('./own-flag-after-spec.js');
    throw withOwnFlag(error, spec);
  }
}
