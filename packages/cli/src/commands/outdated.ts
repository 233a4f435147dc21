import {
  findOutdated,
  findOutdatedTools,
  globalTools,
  type Outdated as OutdatedPackage,
  requireLockfile,
} from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliOutdated } from '@ebpm/schemas';
import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { formatTable } from '../format-table.js';
import { withRegistries } from '../open-registry.js';

/** `ebpm outdated`: which packages of the project here have newer versions. */
export default class Outdated extends BaseCommand {
  static override summary = 'List packages of the project here, or tools of the user, that have newer versions';
  static override description =
    'WANTED is the newest version that everybody who asks for the package allows, which "update" takes, with --global what the tag names that a tool was installed by; LATEST is what the tag latest names.';
  static override examples = ['<%= config.bin %> outdated', '<%= config.bin %> outdated --global'];
  static override flags = {
    global: Flags.boolean({ char: 'g', description: 'of the tools of the user, as outside of a project' }),
  };

  async run(): Promise<CliOutdated> {
    const { flags } = await this.parse(Outdated);
    const found = flags.global ? await this.#ofUser() : await this.#ofProject();
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

  async #ofProject(): Promise<readonly OutdatedPackage[]> {
    const lockfile = await requireLockfile(process.cwd(), 'tell what is outdated');
    return withRegistries(this.context, this.#options(), ({ registryAt }) => findOutdated(lockfile, registryAt));
  }

  async #ofUser(): Promise<readonly OutdatedPackage[]> {
    const tools = await globalTools(this.context.home);
    return withRegistries(this.context, this.#options(), ({ registryAt }) =>
      findOutdatedTools(tools, ({ registry }) => registryAt(registry)),
    );
  }

  #options() {
    return { flag: undefined, ebpmVersion: this.config.version };
  }
}

const HEADER = ['NAME', 'CURRENT', 'WANTED', 'LATEST', ''];
