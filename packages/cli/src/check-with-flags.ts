import { commandConfig } from './command-config.js';
import Check from './commands/check.js';

/** `ebpm check` with flags. */
export async function checkWithFlags(argv: readonly string[]): Promise<void> {
  if (argv.length === 0 || argv.includes('--help') || argv.includes('-h')) {
    const { showHelp } = await import('./run-oclif.js');
    return showHelp('check', Check);
  }
  await Check.run([...argv], await commandConfig());
}
