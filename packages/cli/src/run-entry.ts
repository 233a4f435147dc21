import { commandConfig } from './command-config.js';
import Run from './commands/run.js';
import { splitRunArgv } from './split-run-argv.js';

/**
 * `ebpm run`, and nothing else: this is what runs as root, so the modules that it reaches are few and listed
 * (scripts/check-run-path.mjs). oclif sees `FLAGS -- SPEC ARGS`, so that it leaves the program's words alone.
 */
export async function runEntry(argv: readonly string[]): Promise<void> {
  const { own, spec, rest } = splitRunArgv(argv, { ...Run.baseFlags, ...Run.flags });
  const wantsHelp = own.includes('--help') || own.includes('-h');
  if (wantsHelp || argv.length === 0) {
    const { allCommands } = await import('./all-commands.js');
    return allCommands(['run', '--help']);
  }
  await Run.run(spec === undefined ? [...own] : [...own, '--', spec, ...rest], await commandConfig());
}
