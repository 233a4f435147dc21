import { type NamedSpec, type RemovedDependency, removeDependency, uninstallPackage } from '@ebpm/client';
import { printable } from '@ebpm/events';
import { MANIFEST_FILE } from '@ebpm/formats';
import type { CliUninstall } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { isForProject } from '../for-project.js';
import { parseNamedSpec } from '../named-spec.js';
import { warnOfNeeded } from '../warn-of-needed.js';

/** `ebpm uninstall NAME[@VERSION]`: takes a dependency out of the project here, or installed versions away. */
export default class Uninstall extends BaseCommand {
  static override summary = 'Remove packages';
  static override description =
    'In a folder with an ebpm.json, that project asks for the package no more: it goes out of ebpm.json, and with what only it needed out of ebpm.lock; prune then frees the store of what nobody needs. ' +
    'Elsewhere, or with --global, installed versions are removed: a bare name means all of them, and what another installed package needs stays until that is gone.';
  static override examples = [
    '<%= config.bin %> uninstall sigsnoop',
    '<%= config.bin %> uninstall --global sigsnoop@1.0.0',
  ];
  static override args = {
    spec: Args.string({ description: 'a name, name@version, name@range or name@tag', required: true }),
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
    const { args, flags } = await this.parse(Uninstall);
    const spec = parseNamedSpec(args.spec);
    return isForProject(flags) ? this.#fromProject(spec) : this.#fromStore(spec);
  }

  async #fromProject(spec: NamedSpec): Promise<CliUninstall> {
    const { name } = spec;
    const { range, dropped, askers } = await removeDependency(process.cwd(), spec);
    for (const line of projectSentences(name, { range, dropped, askers })) this.log(printable(line));
    const neededBy = askers.flatMap(({ by }) => (by === undefined ? [] : [`${by.name}@${by.version}`]));
    return { name, removed: [], kept: [], project: { range, dropped: [...dropped], neededBy } };
  }

  async #fromStore(spec: NamedSpec): Promise<CliUninstall> {
    const { name } = spec;
    const { removed, kept } = await uninstallPackage(spec, this.context.home);
    for (const version of removed) this.log(printable(`${name}@${version} is removed`));
    for (const { version, neededBy } of kept) {
      this.log(printable(`${name}@${version} stays as long as it is needed by ${neededBy.join(', ')}`));
    }
    await warnOfNeeded(this.context, name, removed);
    return {
      name,
      removed: [...removed],
      kept: kept.map(({ version, neededBy }) => ({ version, neededBy: [...neededBy] })),
    };
  }
}

function projectSentences(name: string, { range, dropped, askers }: RemovedDependency): readonly string[] {
  const stays = askers.flatMap(({ by, range: wish }) =>
    by === undefined ? [] : [`ebpm.lock goes on having ${name}: ${by.name}@${by.version} asks for ${wish}`],
  );
  return [
    `${name} ${range} is out of ${MANIFEST_FILE}`,
    ...dropped.map((one) => `${one} is out of ebpm.lock`),
    ...stays,
    ...(dropped.length === 0 ? [] : ['What nothing else needs leaves the store with: ebpm prune']),
  ];
}
