import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, Config, type Interfaces } from '@oclif/core';
import { COMMANDS } from './loaded-commands.js';
import { PACKAGE_ROOT, readPackageJson } from './package-json.js';

/** Lies beside this file, bundled or not. */
const LOADED_COMMANDS = fileURLToPath(new URL('./loaded-commands.js', import.meta.url));

/**
 * oclif's configuration of this program. No plugins are looked for: oclif would take them from the user's data folder,
 * and this may be root.
 *
 * @param commands that oclif is to know, by their ids; by default none
 */
export async function commandConfig(commands: Readonly<Record<string, Command.Class>> = {}): Promise<Config> {
  const { oclif, ...rest } = readPackageJson();
  Object.assign(COMMANDS, commands);
  const target = { strategy: 'explicit', target: relative(PACKAGE_ROOT, LOADED_COMMANDS), identifier: 'COMMANDS' };
  const known = Object.keys(commands).length === 0 ? {} : { commands: target };
  const pjson = { ...rest, oclif: { ...oclif, ...known } } as Interfaces.PJSON;
  // Without it oclif asks for the user's entry in /etc/passwd, and fails where there is none, as in many containers.
  process.env['SHELL'] ??= '/bin/sh';
  const config = new Config({ root: PACKAGE_ROOT, pjson, userPlugins: false, devPlugins: false, jitPlugins: false });
  await config.load();
  return config;
}
