import { upgradeLogs } from '../upgrade-logs.js';
import { registryVersion } from '../version.js';
import type { Command } from './command.js';
import { STORE_FLAGS, withRegistry } from './store-flags.js';

/** `ebpm-registry upgrade` */
export const upgrade: Command = {
  name: 'upgrade',
  positionals: [],
  summary: 'let this version write what older ones do not understand; older ones then write nothing any more',
  flags: { ...STORE_FLAGS, json: { description: 'print the result as JSON' } },
  async run(input, context) {
    const { rules, already } = await withRegistry(input, context, (registry) =>
      upgradeLogs(registry, registryVersion()),
    );
    const text = already ? `rules ${rules} were in force already` : `rules ${rules} are in force now`;
    context.print(input.flags['json'] === true ? JSON.stringify({ rules, already }) : text);
  },
};
