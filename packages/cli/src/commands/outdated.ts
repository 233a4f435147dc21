import {
  findOutdated,
  findOutdatedNeeds,
  findOutdatedTools,
  globalTools,
  type OutdatedNeed,
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
    'WANTED is the newest version that everybody who asks for the package allows, which "update" takes, with --global what the tag names that a tool was installed by, and of what a tool depends on the newest that it allows; LATEST is what the tag latest names.';
  static override examples = ['<%= config.bin %> outdated', '<%= config.bin %> outdated --global'];
  static override flags = {
    global: Flags.boolean({ char: 'g', description: 'of the tools of the user, as outside of a project' }),
  };

  async run(): Promise<CliOutdated> {
    const { flags } = await this.parse(Outdated);
    const found: readonly OutdatedOfUser[] = flags.global ? await this.#ofUser() : await this.#ofProject();
    const { stdout } = this.context;
    if (!this.jsonEnabled()) {
      const rows = found.map(row);
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

  async #ofUser(): Promise<readonly OutdatedOfUser[]> {
    const tools = await globalTools(this.context.home);
    const found = await withRegistries(this.context, this.#options(), ({ registryAt }) =>
      Promise.all([
        findOutdatedTools(tools, ({ registry }) => registryAt(registry)),
        findOutdatedNeeds(tools, registryAt),
      ]),
    );
    return found.flat();
  }

  #options() {
    return { flag: undefined, ebpmVersion: this.config.version };
  }
}

/** A tool, or what one depends on. */
type OutdatedOfUser = OutdatedPackage & Partial<Pick<OutdatedNeed, 'neededBy'>>;

const HEADER = ['NAME', 'CURRENT', 'WANTED', 'LATEST', ''];

function row({ name, current, wanted, latest = '', yanked, neededBy }: OutdatedOfUser): readonly string[] {
  const notes = [...(yanked ? ['yanked'] : []), ...(neededBy === undefined ? [] : [`for ${neededBy}`])];
  return [name, current, wanted, latest, notes.join(', ')];
}
