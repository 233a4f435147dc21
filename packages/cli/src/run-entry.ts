import { createContext } from './context.js';
import { NO_RUN_FLAGS, runPackage } from './run-package.js';

/**
 * `ebpm run`, and nothing else: this is what runs as root, so the modules that it reaches are few and listed
 * (scripts/check-run-path.mjs). Without flags of its own there is nothing for oclif to do, and loading it would take as long
 * as all the rest.
 */
export async function runEntry(argv: readonly string[]): Promise<void> {
  const [spec, ...rest] = argv;
  if (spec === undefined || (spec.startsWith('-') && spec !== '-')) {
    const { runWithFlags } = await import('./run-with-flags.js');
    return runWithFlags(argv);
  }
  const context = createContext(process.env);
  try {
    await runPackage(context, { spec, programArgs: rest[0] === '--' ? rest.slice(1) : rest, flags: NO_RUN_FLAGS });
  } catch (error) {
    const { exitCodeOf, formatError, toEbpmError } = await import('./error-output.js');
    const failure = toEbpmError(error);
    process.exitCode = exitCodeOf(failure);
    context.stderr.write(formatError(failure));
  }
}
