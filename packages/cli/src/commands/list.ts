import { Installed, type InstalledVersion, neededBy } from '@ebpm/client';
import type { CliList } from '@ebpm/schemas';
import { BaseCommand } from '../base-command.js';
import { formatTable } from '../format-table.js';

/** `ebpm list`: says what is installed. */
export default class List extends BaseCommand {
  static override summary = 'List installed packages';
  static override description =
    'A "*" marks the version that the bare name stands for. What stands under FOR needs the version.';
  static override examples = ['<%= config.bin %> list'];

  async run(): Promise<CliList> {
    await this.parse(List);
    const { home, stdout } = this.context;
    const packages = await listInstalled(new Installed(home));
    if (!this.jsonEnabled()) stdout.write(formatTable(HEADER, packages.map(row), stdout.isTTY === true));
    return { packages };
  }
}

const HEADER = ['NAME', 'VERSION', '', 'INSTALLED', 'FROM', 'FOR'];

function row(one: CliList['packages'][number]): readonly string[] {
  const { name, version, current, installedAt, registry, neededBy: askers, asked } = one;
  const needed = askers.length === 0 && !asked ? ['a project'] : askers;
  return [name, version, current ? '*' : '', installedAt.slice(0, 'YYYY-MM-DD'.length), registry, needed.join(', ')];
}

async function listInstalled(installed: Installed): Promise<CliList['packages']> {
  const found: { readonly version: InstalledVersion; readonly current: boolean }[] = [];
  for (const [name, numbers] of await installed.numbersByName()) {
    const current = await installed.current(name, numbers);
    for (const number of numbers) {
      const version = await installed.version(name, number);
      if (version !== undefined) found.push({ version, current: number === current });
    }
  }
  const askers = neededBy(found.map(({ version }) => version));
  return found.map(({ version, current }) => listed(version, current, askers.get(version.digest) ?? []));
}

function listed(
  { entry, ...version }: InstalledVersion,
  current: boolean,
  askers: readonly InstalledVersion[],
): CliList['packages'][number] {
  const { name, digest, registry, tag, installedAt, forProject = false } = version;
  return {
    name,
    version: version.version,
    digest,
    registry,
    ...(tag === undefined ? {} : { tag }),
    ...(entry !== undefined && { entry: { path: entry.path, digest: entry.digest } }),
    installedAt,
    current,
    asked: !forProject,
    neededBy: askers.map((one) => `${one.name}@${one.version}`),
  };
}
