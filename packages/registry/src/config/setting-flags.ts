import type { Flag } from '../commands/command.js';
import { SETTINGS, type Setting, type SettingKey } from './setting-table.js';

/** The flag that names the configuration file. */
const CONFIG_FLAG: Flag = {
  value: 'FILE',
  description: 'a configuration file (default: $EBPM_REGISTRY_CONFIG, else none)',
};

/** The flags of a command that works with some of the settings, or with all of them. */
export function settingFlags(keys?: readonly SettingKey[]): Readonly<Record<string, Flag>> {
  const chosen = SETTINGS.filter(({ key }) => keys?.includes(key) ?? true);
  return { config: CONFIG_FLAG, ...Object.fromEntries(chosen.flatMap(flagOf)) };
}

function flagOf(setting: Setting): [string, Flag][] {
  const { flag, type, valueName, fallback, description } = setting;
  if (flag === undefined) return [];
  const end = fallback === undefined ? '' : ` (default: ${[fallback].flat().join(',') || 'none'})`;
  return [[flag, { ...(type !== 'boolean' && { value: valueName }), description: `${description}${end}` }]];
}
