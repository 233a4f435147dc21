import { EbpmError } from '@ebpm/formats';
import type { CliSetting } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.js';
import { parseSettingKey, readSettings } from '../../settings.js';

/** `ebpm config get KEY`: one setting's value. */
export default class ConfigGet extends BaseCommand {
  static override summary = 'Say what a setting is';
  static override examples = ['<%= config.bin %> config get registry', '<%= config.bin %> config get @acme:registry'];
  static override args = { key: Args.string({ description: 'registry or @SCOPE:registry', required: true }) };

  async run(): Promise<CliSetting> {
    const { args } = await this.parse(ConfigGet);
    parseSettingKey(args.key);
    const found = (await readSettings(this.context)).find(({ key }) => key === args.key);
    if (found === undefined) {
      throw new EbpmError('EBPM_SETTING_UNSET', `Cannot tell "${args.key}": it is not set`, {
        hint: `Set it: ebpm config set ${args.key} https://hub.example.org`,
      });
    }
    this.log(found.value);
    return found;
  }
}
