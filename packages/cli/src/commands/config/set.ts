import type { CliSetting } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../../base-command.js';
import { changeSetting, parseSettingKey } from '../../settings.js';

/** `ebpm config set KEY VALUE`. */
export default class ConfigSet extends BaseCommand {
  static override summary = 'Set the registry, or the one of a scope';
  static override examples = [
    '<%= config.bin %> config set registry https://hub.example.org',
    '<%= config.bin %> config set @acme:registry https://ebpm.acme.example',
  ];
  static override args = {
    key: Args.string({ description: 'registry or @SCOPE:registry', required: true }),
    value: Args.string({ description: 'address of the registry', required: true }),
  };

  async run(): Promise<CliSetting> {
    const { args } = await this.parse(ConfigSet);
    const value = await changeSetting(this.context.home, parseSettingKey(args.key), args.value);
    this.log(`${args.key} is ${value}`);
    return { key: args.key, value, from: 'file' };
  }
}
