import {
  Installed,
  type InstalledVersion,
  type LockedProjects,
  lockedProjects,
  neededBy,
  projectsByDigest,
} from '@ebpm/client';
import type { CliList } from '@ebpm/schemas';
import { BaseCommand } from '../base-command.js';
import { formatTable } from '../format-table.js';
import { warnOfUnreadable } from '../warn-of-unreadable.js';

/** `ebpm list`: says what is installed. */
export default class List extends BaseCommand {
  static override summary = 'List installed packages';
  static override description =
    'A "*" marks the version that the bare name stands for. What stands under FOR needs the version: other packages, and projects whose ebpm.lock names it.';
  static override examples = ['<%= config.bin %> list'];

  async run(): Promise<CliList> {
    await this.parse(List);
    const { home, stdout } = this.context;
    const projects = await lockedProjects(home);
    const packages = await listInstalled(home, projects);
    const { unreadable } = projects;
    const nobody = unreadable.length === 0 ? 'nothing (ebpm prune)' : 'nothing that is known';
    const rows = packages.map((one) => row(one, nobody));
    if (!this.jsonEnabled()) stdout.write(formatTable(HEADER, rows, stdout.isTTY === true));
    warnOfUnreadable(this.context, unreadable);
    return { packages };
  }
}

const HEADER = ['NAME', 'VERSION', '', 'INSTALLED', 'FROM', 'FOR'];

/** @param nobody what is said of what nobody needs */
function row(one: CliList['packages'][number], nobody: string): readonly string[] {
  const { name, version, current, installedAt, registry, neededBy: askers, projects, asked } = one;
  const count = projects.length;
  const needed = [...askers, ...(count === 0 ? [] : [count === 1 ? 'a project' : `${count} projects`])];
  if (needed.length === 0 && !asked) needed.push(nobody);
  return [name, version, current ? '*' : '', installedAt.slice(0, 'YYYY-MM-DD'.length), registry, needed.join(', ')];
}

async function listInstalled(home: string, { locked }: LockedProjects): Promise<CliList['packages']> {
  const installed = new Installed(home);
  const found: { readonly version: InstalledVersion; readonly current: boolean }[] = [];
  for (const [name, numbers] of await installed.numbersByName()) {
    const current = await installed.current(name, numbers);
    for (const number of numbers) {
      const version = await installed.version(name, number);
      if (version !== undefined) found.push({ version, current: number === current });
    }
  }
  const askers = neededBy(found.map(({ version }) => version));
  const projects = projectsByDigest(locked);
  return found.map(({ version, current }) => ({
    ...listed(version, current, askers.get(version.digest) ?? []),
    projects: [...(projects.get(version.digest) ?? [])],
  }));
}

function listed(
  { entry, ...version }: InstalledVersion,
  current: boolean,
  askers: readonly InstalledVersion[],
): Omit<CliList['packages'][number], 'projects'> {
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
