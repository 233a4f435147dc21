import { Installed, type InstalledVersion } from '@ebpm/client';
import type { CliList } from '@ebpm/schemas';
import { BaseCommand } from '../base-command.js';
import { formatTable } from '../format-table.js';

/** `ebpm list`: says what is installed. */
export default class List extends BaseCommand {
  static override summary = 'List installed packages';
  static override description = 'A "*" marks the version that the bare name stands for.';
  static override examples = ['<%= config.bin %> list'];

  async run(): Promise<CliList> {
    await this.parse(List);
    const { home, stdout } = this.context;
    const packages = await listInstalled(new Installed(home));
    if (!this.jsonEnabled()) stdout.write(formatTable(HEADER, packages.map(row), stdout.isTTY === true));
    return { packages };
  }
}

const HEADER = ['NAME', 'VERSION', '', 'INSTALLED', 'FROM'];

function row({ name, version, current, installedAt, registry }: CliList['packages'][number]): readonly string[] {
  return [name, version, current ? '*' : '', installedAt.slice(0, 'YYYY-MM-DD'.length), registry];
}

async function listInstalled(installed: Installed): Promise<CliList['packages']> {
  const packages: CliList['packages'] = [];
  for (const name of await installed.names()) {
    const current = await installed.current(name);
    for (const version of await installed.versions(name)) packages.push(listed(version, version.version === current));
  }
  return packages;
}

function listed({ entry, ...version }: InstalledVersion, current: boolean): CliList['packages'][number] {
  const { name, digest, registry, tag, installedAt } = version;
  return {
    name,
    version: version.version,
    digest,
    registry,
    ...(tag === undefined ? {} : { tag }),
    ...(entry !== undefined && { entry: { path: entry.path, digest: entry.digest } }),
    installedAt,
    current,
  };
}
