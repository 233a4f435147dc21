import type { CliConfig } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.js';
import { changeSetting, parseSettingKey, readSettings } from '../../settings.js';

/** `ebpm config delete KEY`. */
export default class ConfigDelete extends BaseCommand {
  static override summary = 'Take a setting back';
  static override examples = ['<%= config.bin %> config delete @acme:registry'];
  static override args = { key: Args.string({ description: 'registry or @SCOPE:registry', required: true }) };

  async run(): Promise<CliConfig> {
    const { args } = await this.parse(ConfigDelete);
    await changeSetting(this.context.home, parseSettingKey(args.key), undefined);
    this.log(`${args.key} is not set in the file any more`);
    return { settings: await readSettings(this.context) };
  }
}
