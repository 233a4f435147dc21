import { cleanStore } from '@ebpm/client';
import type { CliCacheClean } from '@ebpm/schemas';
import { BaseCommand } from '../../base-command.js';
import { counted } from '../../counted.js';

/** `ebpm cache clean`: takes archives away that nothing installed was made from. */
export default class CacheClean extends BaseCommand {
  static override summary = 'Remove archives that nothing installed was made from';
  static override description = 'What is installed stays. To remove that, type "uninstall".';
  static override examples = ['<%= config.bin %> cache clean'];

  async run(): Promise<CliCacheClean> {
    await this.parse(CacheClean);
    const removed = await cleanStore(this.context.home);
    const count = removed.length;
    this.log(count === 0 ? 'There is nothing to remove' : `${counted(count, 'archive is', 'archives are')} removed`);
    return { removed: [...removed] };
  }
}
