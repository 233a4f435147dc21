import { resolveSettings } from '../config/resolve-settings.js';
import { settingFlags } from '../config/setting-flags.js';
import { SETTINGS } from '../config/setting-table.js';
import { settingText } from '../config/setting-text.js';
import type { Command } from './command.js';

/** `ebpm-registry config show` */
export const configShow: Command = {
  name: 'config show',
  positionals: [],
  summary: 'print every setting and where its value comes from; secrets stay hidden',
  flags: { ...settingFlags(), json: { description: 'print the result as JSON' } },
  async run({ flags }, context) {
    const { settings, origins } = await resolveSettings({ flags, env: context.env });
    const rows = SETTINGS.map(({ key, isSecret }) => ({
      key,
      origin: origins.get(key) ?? 'unset',
      value: isSecret && settings[key] !== undefined ? '(hidden)' : settings[key],
    }));
    if (flags['json'] === true) {
      context.print(JSON.stringify(rows));
      return;
    }
    const width = Math.max(...rows.map(({ key }) => key.length));
    for (const { key, origin, value } of rows) {
      context.print(
        `${key.padEnd(width)}  ${origin.padEnd(8)}  ${value === undefined ? '' : settingText(value)}`.trimEnd(),
      );
    }
  },
};
