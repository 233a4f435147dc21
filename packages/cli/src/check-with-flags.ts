import { commandConfig } from './command-config.js';
import Check from './commands/check.js';

/** `ebpm check` with flags; help needs all commands. */
export async function checkWithFlags(argv: readonly string[]): Promise<void> {
  if (argv.length === 0 || argv.includes('--help') || argv.includes('-h')) {
    const { allCommands } = await import('./all-commands.js');
    return allCommands(['check', ...argv]);
  }
  await Check.run([...argv], await commandConfig());
}
