import { commandConfig } from './command-config.js';
import Run from './commands/run.js';
import { splitRunArgv } from './split-run-argv.js';

/** `ebpm run` with flags of its own. oclif sees `FLAGS -- SPEC ARGS`, so that it leaves the program's words alone. */
export async function runWithFlags(argv: readonly string[]): Promise<void> {
  const { own, spec, rest } = splitRunArgv(argv, { ...Run.baseFlags, ...Run.flags });
  const wantsHelp = own.includes('--help') || own.includes('-h');
  if (wantsHelp || argv.length === 0) {
    const { showHelp } = await import('./run-oclif.js');
    return showHelp('run', Run);
  }
  await Run.run(spec === undefined ? [...own] : [...own, '--', spec, ...rest], await commandConfig());
}
