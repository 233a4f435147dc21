import { cleanStore } from '@ebpm/client';
import type { CliCacheClean } from '@ebpm/schemas';
import { BaseCommand } from '../../base-command.js';

/** `ebpm cache clean`: takes files away that no installed version needs. */
export default class CacheClean extends BaseCommand {
  static override summary = 'Remove files that no installed version needs';
  static override description = 'What is installed stays. To remove that, type "uninstall".';
  static override examples = ['<%= config.bin %> cache clean'];

  async run(): Promise<CliCacheClean> {
    await this.parse(CacheClean);
    const removed = await cleanStore(this.context.home);
    this.log(removed.length === 0 ? 'There is nothing to remove' : `${removed.length} archives are removed`);
    return { removed: [...removed] };
  }
}
