import { openPackage, parseProgramArguments, programOptions } from '@ebpm/runner';
import type { Context } from '../context.js';
import type { RunRequest } from '../run-here.js';
import { agreeToRun } from './agree-to-run.js';
import { judgeable } from './judgeable.js';

/**
 * Asks, on a terminal, for what a run in the background is going to need, which has none: it then finds the answer where answers are kept. What comes from
 * stdin can be read once only, by the run itself, and needs `--allow`.
 *
 * @throws what agreeToRun throws
 */
export async function agreeBefore(context: Context, spec: string, read: () => Promise<RunRequest>): Promise<void> {
  if (spec === '-' || context.stderr.isTTY !== true) return;
  const request = await read();
  const pkg = openPackage(request.input.bytes, { ...request.input, eventTypes: request.eventTypes });
  if (parseProgramArguments(programOptions(pkg), request.programArgs).wants !== 'run') return;
  await agreeToRun(context, { ...request, pkg: judgeable(pkg) });
}
