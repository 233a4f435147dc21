// Four sources, and of each setting the last that names it counts: defaults, the file, variables, flags. The result is checked as
// a whole against the schema of the file, so that a value is judged alike wherever it stands.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { type RegistryConfig, registryConfigKind, validate } from '@ebpm/schemas';
import type { CommandInput } from '../commands/command.js';
import type { CommandContext } from '../commands/command-context.js';
import { usageError } from '../commands/usage-error.js';
import { configError } from './config-error.js';
import { readConfigFile } from './read-config-file.js';
import { SETTINGS, type Setting, type SettingKey } from './setting-table.js';
import { parseSetting } from './setting-text.js';
import type { SettingOrigin, Settings } from './settings.js';

/** The settings, and where each comes from; a setting that nothing names is in neither. */
export interface ResolvedSettings {
  readonly settings: Settings;
  readonly origins: ReadonlyMap<SettingKey, SettingOrigin>;
}

/** What a command gets from the process and from its line. */
export interface SettingSources {
  readonly flags: CommandInput['flags'];
  readonly env: CommandContext['env'];
}

/**
 * Puts the settings together: flags before variables before the file before defaults. An empty variable counts as none.
 * @throws EBPM_REGISTRY_USAGE for a wrong flag, EBPM_REGISTRY_CONFIG for what is wrong elsewhere
 */
export async function resolveSettings(sources: SettingSources): Promise<ResolvedSettings> {
  const { flags, env } = sources;
  const path = flags['config'] ?? (env['EBPM_REGISTRY_CONFIG'] || undefined);
  const file = path === undefined ? {} : await readConfigFile(String(path));
  const values = new Map<SettingKey, unknown>();
  const origins = new Map<SettingKey, SettingOrigin>();
  for (const setting of SETTINGS) {
    const found = lookUp(setting, sources, file);
    if (found === undefined) continue;
    values.set(setting.key, found.value);
    origins.set(setting.key, found.origin);
  }
  const checked = validate(registryConfigKind, Object.fromEntries(values));
  if (!checked.ok) throw wrongValue(checked.problems[0], origins);
  return { settings: checked.value as Settings, origins };
}

interface Found {
  readonly value: unknown;
  readonly origin: SettingOrigin;
}

function lookUp(setting: Setting, { flags, env }: SettingSources, file: RegistryConfig): Found | undefined {
  const flag = setting.flag === undefined ? undefined : flags[setting.flag];
  if (flag !== undefined) return { value: parseSetting(setting, flag), origin: 'flag' };
  const text = env[setting.variable] || undefined;
  if (text !== undefined) return { value: parseSetting(setting, text), origin: 'variable' };
  const inFile = file[setting.key];
  if (inFile !== undefined) return { value: inFile, origin: 'file' };
  const fallback = setting.key === 'keyFile' ? defaultKeyFile(env) : setting.fallback;
  return fallback === undefined ? undefined : { value: fallback, origin: 'default' };
}

/** XDG Base Directory Specification 0.8: configuration lies in $XDG_CONFIG_HOME, else in ~/.config; relative paths do not count. */
function defaultKeyFile(env: CommandContext['env']): string {
  const config = env['XDG_CONFIG_HOME'];
  const base = config?.startsWith('/') ? config : join(env['HOME'] ?? homedir(), '.config');
  return join(base, 'ebpm-registry', 'key');
}

/** The file was checked before, so that what is wrong stands in a flag or in a variable. */
function wrongValue(
  problem: { readonly path: string; readonly message: string } | undefined,
  origins: ReadonlyMap<SettingKey, SettingOrigin>,
) {
  const { path = '', message = 'is wrong' } = problem ?? {};
  const setting = SETTINGS.find(({ key }) => key === /^\w+/.exec(path)?.[0]);
  if (setting === undefined) return configError(`Cannot use the configuration: "${path}" ${message}`);
  const inside = path === setting.key ? '' : ` at ${path}`;
  if (origins.get(setting.key) === 'flag') return usageError(`--${setting.flag}${inside} ${message}`);
  return configError(`Cannot use the configuration: $${setting.variable}${inside} ${message}`);
}
