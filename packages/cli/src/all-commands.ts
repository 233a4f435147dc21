import { run } from '@oclif/core';
import { commandConfig } from './command-config.js';
import { COMMAND_LOADERS, loadCommands } from './command-table.js';
import { telling } from './run-oclif.js';
import { refuseUnknown } from './unknown-command.js';

/** Runs a command line through oclif: any command, help, version. */
export function allCommands(argv: readonly string[]): Promise<void> {
  return telling(() => runOne(argv));
}

/** Loading all commands takes longer than most of them take: that is done for help alone. */
async function runOne(argv: readonly string[]): Promise<void> {
  const [first = '', second = ''] = argv;
  const id = [first, `${first}:${second}`].find((one) => Object.hasOwn(COMMAND_LOADERS, one)) ?? '';
  const command = await COMMAND_LOADERS[id]?.();
  if (command !== undefined && !argv.includes('--help') && !argv.includes('-h')) {
    await command.default.run(argv.slice(id.split(':').length), await commandConfig());
    return;
  }
  const config = await commandConfig(await loadCommands());
  refuseUnknown(argv, config);
  await run([...argv], config);
}
