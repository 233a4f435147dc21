import type { CliConfig } from '@ebpm/schemas';
import { BaseCommand } from '../../base-command.js';
import { formatTable } from '../../format-table.js';
import { readSettings } from '../../settings.js';

/** `ebpm config list`: what is set. */
export default class ConfigList extends BaseCommand {
  static override summary = 'List what is set: the registry, and those of scopes';
  static override examples = ['<%= config.bin %> config list'];

  async run(): Promise<CliConfig> {
    await this.parse(ConfigList);
    const settings = await readSettings(this.context);
    const { stdout } = this.context;
    const rows = settings.map(({ key, value, from }) => [key, value, from]);
    if (!this.jsonEnabled()) stdout.write(formatTable(['KEY', 'VALUE', 'FROM'], rows, stdout.isTTY === true));
    return { settings };
  }
}
