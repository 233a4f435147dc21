import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Config } from '@oclif/core';

/** The folder of this package's package.json: bundled or not, one above this file's. */
export const PACKAGE_ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * oclif's configuration of this program. No plugins are looked for: oclif would take them from the user's data folder,
 * and this may be root.
 *
 * @param commandTable path of the module with all commands; without one oclif knows none
 */
export async function commandConfig(commandTable?: string): Promise<Config> {
  const pjson = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  if (commandTable !== undefined) {
    pjson.oclif.commands = {
      strategy: 'explicit',
      target: relative(PACKAGE_ROOT, commandTable),
      identifier: 'COMMANDS',
    };
  }
  const config = new Config({ root: PACKAGE_ROOT, pjson, userPlugins: false, devPlugins: false, jitPlugins: false });
  await config.load();
  return config;
}
