import {
  type NamedSpec,
  type RemovedDependencies,
  removeDependencies,
  type UninstallResult,
  uninstallPackages,
} from '@ebpm/client';
import { printable } from '@ebpm/events';
import { MANIFEST_FILE } from '@ebpm/formats';
import type { CliUninstall } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { isForProject } from '../for-project.js';
import { parseNamedSpec } from '../named-spec.js';
import { warnOfNeeded } from '../warn-of-needed.js';

/** `ebpm uninstall NAME[@VERSION]...`: takes dependencies out of the project here, or installed versions away. */
export default class Uninstall extends BaseCommand {
  static override summary = 'Remove packages';
  static override description =
    'In a folder with an ebpm.json, that project asks for the package no more: it goes out of ebpm.json, and with what only it needed out of ebpm.lock; prune then frees the store of what nobody needs. ' +
    'Elsewhere, or with --global, installed versions are removed: a bare name means all of them, and what another installed package needs stays until that is gone.';
  static override examples = [
    '<%= config.bin %> uninstall sigsnoop',
    '<%= config.bin %> uninstall sigsnoop @acme/x',
    '<%= config.bin %> uninstall --global sigsnoop@1.0.0',
  ];
  static override strict = false;
  static override args = {
    spec: Args.string({
      description: 'a name, name@version, name@range or name@tag; several if wanted',
      required: true,
    }),
  };
  static override flags = {
    save: Flags.boolean({
      description: 'take it out of the ebpm.json and ebpm.lock here; the default where there is one, unless --no-save',
      allowNo: true,
    }),
    global: Flags.boolean({
      char: 'g',
      description:
        'remove what is installed for the user, as outside of a project, and leave the project here as it is',
      exclusive: ['save'],
    }),
  };

  async run(): Promise<CliUninstall> {
    const { flags, argv } = await this.parse(Uninstall);
    const specs = argv.map((text) => parseNamedSpec(String(text)));
    return isForProject(flags) ? this.#fromProject(specs) : this.#fromStore(specs);
  }

  async #fromProject(specs: readonly NamedSpec[]): Promise<CliUninstall> {
    const found = await removeDependencies(process.cwd(), specs);
    for (const line of projectSentences(found)) this.log(printable(line));
    const packages = found.removed.map(({ name, range, askers }) => {
      const neededBy = askers.flatMap(({ by }) => (by === undefined ? [] : [`${by.name}@${by.version}`]));
      return { name, removed: [], kept: [], project: { range, neededBy } };
    });
    return { packages, dropped: [...found.dropped] };
  }

  async #fromStore(specs: readonly NamedSpec[]): Promise<CliUninstall> {
    const results = await uninstallPackages(specs, this.context.home);
    for (const line of results.flatMap(storeSentences)) this.log(printable(line));
    await warnOfNeeded(this.context, results);
    return {
      packages: results.map(({ name, removed, kept }) => ({
        name,
        removed: [...removed],
        kept: kept.map(({ version, neededBy }) => ({ version, neededBy: [...neededBy] })),
      })),
    };
  }
}

function storeSentences({ name, removed, kept }: UninstallResult): readonly string[] {
  return [
    ...removed.map((version) => `${name}@${version} is removed`),
    ...kept.map(
      ({ version, neededBy }) => `${name}@${version} stays as long as it is needed by ${neededBy.join(', ')}`,
    ),
  ];
}

function projectSentences({ removed, dropped }: RemovedDependencies): readonly string[] {
  const stays = removed.flatMap(({ name, askers }) =>
    askers.flatMap(({ by, range }) =>
      by === undefined ? [] : [`ebpm.lock goes on having ${name}: ${by.name}@${by.version} asks for ${range}`],
    ),
  );
  return [
    ...removed.map(({ name, range }) => `${name} ${range} is out of ${MANIFEST_FILE}`),
    ...dropped.map((one) => `${one} is out of ebpm.lock`),
    ...stays,
    ...(dropped.length === 0 ? [] : ['What nothing else needs leaves the store with: ebpm prune']),
  ];
}
