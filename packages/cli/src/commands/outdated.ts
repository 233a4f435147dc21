import { findOutdated, requireLockfile } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliOutdated } from '@ebpm/schemas';
import { BaseCommand } from '../base-command.js';
import { formatTable } from '../format-table.js';
import { withRegistries } from '../open-registry.js';

/** `ebpm outdated`: which packages of the project here have newer versions. */
export default class Outdated extends BaseCommand {
  static override summary = 'List packages of the project here that have newer versions';
  static override description =
    'WANTED is the newest version that everybody who asks for the package allows, which "update" takes; LATEST is what the tag names.';
  static override examples = ['<%= config.bin %> outdated'];

  async run(): Promise<CliOutdated> {
    await this.parse(Outdated);
    const lockfile = await requireLockfile(process.cwd(), 'tell what is outdated');
    const options = { flag: undefined, ebpmVersion: this.config.version };
    const found = await withRegistries(this.context, options, ({ registryAt }) => findOutdated(lockfile, registryAt));
    const { stdout } = this.context;
    if (!this.jsonEnabled()) {
      const rows = found.map(({ name, current, wanted, latest = '', yanked }) => [
        name,
        current,
        wanted,
        latest,
        yanked ? 'yanked' : '',
      ]);
      stdout.write(
        formatTable(
          HEADER,
          rows.map((row) => row.map(printable)),
          stdout.isTTY === true,
        ),
      );
    }
    return { packages: found.map(({ latest, ...one }) => ({ ...one, ...(latest !== undefined && { latest }) })) };
  }
}

const HEADER = ['NAME', 'CURRENT', 'WANTED', 'LATEST', ''];
