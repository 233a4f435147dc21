import { createContext } from './context.js';
import { earlyGuest } from './wasm/early-guest.js';
import type { StartedGuest } from './wasm/start-guest.js';

/** The one flag that a plain run has: packages that ask for something are to start as fast as those that do not. */
const ALLOW = '--allow=';

/**
 * `ebpm run`, and nothing else: this is what runs as root, so the modules that it reaches are few and listed
 * (scripts/check-run-path.mjs). Without flags of its own but `--allow=` there is nothing for oclif to do, and loading it would take as long
 * as all the rest.
 */
export async function runEntry(argv: readonly string[]): Promise<void> {
  const start = argv.findIndex((word) => !word.startsWith(ALLOW));
  const allow = argv.slice(0, start < 0 ? argv.length : start).map((word) => word.slice(ALLOW.length));
  const [spec, ...rest] = argv.slice(allow.length);
  if (spec === undefined || (spec.startsWith('-') && spec !== '-')) {
    const { runWithFlags } = await import('./run-with-flags.js');
    return runWithFlags(argv);
  }
  const context = createContext(process.env);
  let guest: StartedGuest | undefined;
  try {
    guest = await earlyGuest(context, spec);
    const { NO_RUN_FLAGS, runPackage } = await import('./run-package.js');
    const programArgs = rest[0] === '--' ? rest.slice(1) : rest;
    await runPackage(context, { spec, programArgs, flags: { ...NO_RUN_FLAGS, allow }, guest });
  } catch (error) {
    const { exitCodeOf, formatError, toEbpmError } = await import('./error-output.js');
    const failure = toEbpmError(error);
    process.exitCode = exitCodeOf(failure);
    context.stderr.write(formatError(failure));
  } finally {
    // One that waits for its module would keep this process, too.
    guest?.kill();
  }
}
