import { pruneStore } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliPrune } from '@ebpm/schemas';
import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';

/** `ebpm prune`: takes away what no installed tool and no project needs. */
export default class Prune extends BaseCommand {
  static override summary = 'Remove what no installed tool and no project needs';
  static override description =
    'Versions that were installed for a project only and that no ebpm.lock names any more, and archives that nothing is installed of and no ebpm.lock names. Projects are those in which "install", "ci" or "update" were typed.';
  static override examples = ['<%= config.bin %> prune --dry-run', '<%= config.bin %> prune'];
  static override flags = { 'dry-run': Flags.boolean({ description: 'only say what would be removed' }) };

  async run(): Promise<CliPrune> {
    const { flags } = await this.parse(Prune);
    const dryRun = flags['dry-run'] ?? false;
    const { removed, freedBytes } = await pruneStore(this.context.home, { dryRun });
    for (const { what } of removed) this.log(printable(what));
    const count = removed.length;
    if (count === 0) this.log('There is nothing to remove');
    else
      this.log(dryRun ? `${count} to remove, of ${freedBytes} bytes` : `${count} removed, ${freedBytes} bytes freed`);
    return { removed: removed.map((one) => ({ ...one })), freedBytes, dryRun };
  }
}
