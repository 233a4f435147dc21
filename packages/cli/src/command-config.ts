import { relative } from 'node:path';
import { Config, type Interfaces } from '@oclif/core';
import { PACKAGE_ROOT, readPackageJson } from './package-json.js';

/**
 * oclif's configuration of this program. No plugins are looked for: oclif would take them from the user's data folder,
 * and this may be root.
 *
 * @param commandTable path of the module with all commands; without one oclif knows none
 */
export async function commandConfig(commandTable?: string): Promise<Config> {
  const { oclif, ...rest } = readPackageJson();
  const commands =
    commandTable === undefined
      ? {}
      : { commands: { strategy: 'explicit', target: relative(PACKAGE_ROOT, commandTable), identifier: 'COMMANDS' } };
  const pjson = { ...rest, oclif: { ...oclif, ...commands } } as Interfaces.PJSON;
  // Without it oclif asks for the user's entry in /etc/passwd, and fails where there is none, as in many containers.
  process.env['SHELL'] ??= '/bin/sh';
  const config = new Config({ root: PACKAGE_ROOT, pjson, userPlugins: false, devPlugins: false, jitPlugins: false });
  await config.load();
  return config;
}
