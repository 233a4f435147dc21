import { sniffPackage } from '@ebpm/formats';
import { programOptions } from '@ebpm/runner';
import { checkedParts } from '../checked-parts.js';
import type { Context } from '../context.js';
import { programArguments } from '../program-arguments.js';
import type { RunRequest } from '../run-here.js';
import type { PackageTools } from '../tools/package-tools.js';
import { agreeToRun } from './agree-to-run.js';

/**
 * Asks, on a terminal, for what a run in the background is going to need, which has none: it then finds the answer where answers are kept. What comes from
 * stdin can be read once only, by the run itself, and needs `--allow`.
 *
 * @throws what agreeToRun throws
 */
export async function agreeBefore(context: Context, spec: string, read: () => Promise<RunRequest>): Promise<void> {
  if (spec === '-' || context.stderr.isTTY !== true) return;
  const request = await read();
  const { packages, judged } = checkedParts(request.input, request.eventTypes);
  const [pkg] = packages;
  // What stands behind the name of a module is the module's own.
  const isModule = pkg === undefined || sniffPackage(request.input.bytes) === 'wasm';
  if (!isModule && (await programArguments(programOptions(pkg), request)).wants !== 'run') return;
  const { all: tools } = isModule ? await moduleTools(context, request) : { all: [] };
  await agreeToRun(context, { ...request, pkg: judged(), tools });
}

async function moduleTools(context: Context, { input }: RunRequest): Promise<PackageTools> {
  const { packageTools } = await import('../tools/package-tools.js');
  return packageTools(context, input);
}
