import { machine } from 'node:os';
import {
  chooseVersion,
  Installed,
  installedKey,
  installLocked,
  KnownProjects,
  LOCKFILE,
  type LockedResult,
  lockProblem,
  lockProject,
  type NamedSpec,
  readLockfile,
  readProject,
  refuseStale,
  requireLockfile,
  saveDependencies,
  type VersionWriter,
  writeLockfile,
} from '@ebpm/client';
import { printable } from '@ebpm/events';
import { closest, EbpmError, MANIFEST_FILE } from '@ebpm/formats';
import type { ConsentClass } from '@ebpm/object';
import type { CliInstall, Lockfile } from '@ebpm/schemas';
import { approveForProject, approveForUser, withApprovalsOf } from './consent/approve-installed.js';
import type { Context } from './context.js';
import { counted } from './counted.js';
import { DownloadProgress } from './download-progress.js';
import { installWarnings } from './install-warnings.js';
import { type PackageAccess, withPackages } from './open-packages.js';
import type { RegistryOptions } from './open-registry.js';

/** What a project's packages are chosen and installed with. */
export interface ProjectInstallOptions extends RegistryOptions {
  /** The project's folder. */
  readonly folder: string;
  /** Packages that the project asks for from now on. */
  readonly add?: readonly NamedSpec[] | undefined;
  /** Packages that are chosen anew. */
  readonly update?: ReadonlySet<string> | 'all' | undefined;
  /** A kernel that every package must be made for. */
  readonly kernel?: string | undefined;
  /** The id of a publisher's key that is trusted whatever key was there before. */
  readonly acceptKey?: string | undefined;
  /** Classes of permissions that the project agrees to. */
  readonly allow?: readonly ConsentClass[] | undefined;
}

/** A project's packages, before and after. */
export interface ProjectInstall {
  readonly before: Lockfile | undefined;
  readonly lockfile: Lockfile;
  readonly results: readonly LockedResult[];
  /** What is left to be asked before something runs, in sentences. */
  readonly asked: readonly string[];
}

/**
 * Installs what a project needs: what its lockfile names while that fits its ebpm.json, else versions that are chosen now, which the
 * lockfile has afterwards.
 *
 * @throws EBPM_NOT_INSTALLED where something is to be updated that it has not, what readProject, readLockfile, lockProject, installLocked and writeLockfile throw
 */
export async function installProject(context: Context, options: ProjectInstallOptions): Promise<ProjectInstall> {
  const { folder, add = [], update, kernel, acceptKey, ebpmVersion, allow = [] } = options;
  const here = new Installed(context.home);
  const { dependencies: asked } = await readProject(folder);
  const before = await readLockfile(folder);
  if (update !== undefined && update !== 'all') refuseUnknown(update, { ...asked, ...before?.packages });
  const fits =
    before !== undefined &&
    update === undefined &&
    kernel === undefined &&
    acceptKey === undefined &&
    add.length === 0 &&
    lockProblem(before, asked) === undefined;
  return withPackages(context, options, async (access) => {
    const dependencies = { ...asked, ...(await rangesOf(add, access)) };
    const chosen = fits
      ? before
      : await lockProject(dependencies, {
          registryFor: access.registryFor,
          before,
          update,
          kernel,
          ebpmVersion,
          acceptKey,
          knownKey: (name, registry) => installedKey(here, name, registry),
        });
    const results = await installAll(context, chosen, access, options);
    const versions = results.map(({ installed }) => installed);
    const approved = await approveForProject(context, withApprovalsOf(before, chosen), { versions, allow });
    if (!fits || allow.length > 0) await writeLockfile(folder, approved.lockfile);
    if (add.length > 0) await saveDependencies(folder, dependencies);
    await new KnownProjects(context.home).remember(folder);
    return { before, lockfile: approved.lockfile, results, asked: approved.sentences };
  });
}

/** Refuses to update what the project has not. @param known the names that it has */
function refuseUnknown(names: ReadonlySet<string>, known: Readonly<Record<string, unknown>>): void {
  const unknown = [...names].find((name) => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const similar = closest(unknown, Object.keys(known));
  throw new EbpmError(
    'EBPM_NOT_INSTALLED',
    `Cannot update "${unknown}": neither ${MANIFEST_FILE} nor ${LOCKFILE} here has it`,
    { hint: similar === undefined ? 'See what they have: ebpm why NAME, ebpm outdated' : `Did you mean "${similar}"?` },
  );
}

/** What a project is to ask for: the range that was typed, else what is compatible with the version that there is now. */
async function rangesOf(
  specs: readonly NamedSpec[],
  { registryFor }: PackageAccess,
): Promise<Readonly<Record<string, string>>> {
  const ranges = specs.map(async (spec) => {
    if (spec.kind === 'range') return [spec.name, spec.range] as const;
    const { version } = chooseVersion(await registryFor(spec.name).package(spec.name), spec);
    return [spec.name, `^${version}`] as const;
  });
  return Object.fromEntries(await Promise.all(ranges));
}

/**
 * Installs what a lockfile names, and nothing else. What is agreed to is kept for the user: the lockfile stays as it is.
 *
 * @throws EBPM_LOCKFILE_MISSING, EBPM_LOCKFILE_STALE, and what readProject, readLockfile and installLocked throw
 */
export async function installByLockfile(context: Context, options: ProjectInstallOptions): Promise<ProjectInstall> {
  const { folder, allow = [] } = options;
  const { dependencies } = await readProject(folder);
  const lockfile = await requireLockfile(folder, 'install by a lockfile');
  refuseStale(lockfile, dependencies, `install by ${LOCKFILE}`);
  const results = await withPackages(context, options, (access) => installAll(context, lockfile, access, options));
  const versions = results.map(({ installed }) => installed);
  if (allow.length > 0) await approveForUser(context, versions, allow);
  const { sentences } = await approveForProject(context, lockfile, { versions, allow });
  await new KnownProjects(context.home).remember(folder);
  return { before: lockfile, lockfile, results, asked: sentences };
}

/** How all that a lockfile names is installed. */
export interface InstallAllOptions extends Pick<ProjectInstallOptions, 'ebpmVersion' | 'acceptKey'> {
  /** What takes the versions; default: the user's store. */
  readonly writer?: VersionWriter | undefined;
}

/** Installs all that a lockfile names; progress and warnings go to stderr. @throws what installLocked throws */
export async function installAll(
  { home, stderr }: Context,
  lockfile: Lockfile,
  { registryAt }: PackageAccess,
  { ebpmVersion, acceptKey, writer }: InstallAllOptions,
): Promise<readonly LockedResult[]> {
  const progress = new DownloadProgress(stderr, Date.now);
  const names = new Map(Object.entries(lockfile.packages).map(([name, { digest }]) => [digest, name]));
  try {
    return await installLocked(lockfile, {
      home,
      writer,
      registryAt,
      machine: { arch: machine() },
      ebpmVersion,
      acceptKey,
      now: () => new Date(),
      onProgress: ({ digest, sizeBytes }, bytes) => progress.update(names.get(digest) ?? digest, bytes, sizeBytes),
      ...installWarnings(stderr, progress),
    });
  } finally {
    progress.close();
  }
}

/** The packages of a project, as `--json` shows them. */
export async function installedPackages(home: string, { results }: ProjectInstall): Promise<CliInstall['packages']> {
  const here = new Installed(home);
  const numbers = await here.numbersByName();
  return Promise.all(
    results.map(async ({ installed: { name, version, digest, registry }, already }) => {
      const current = (await here.current(name, numbers.get(name) ?? [])) === version;
      return { name, version, digest, registry, already, current };
    }),
  );
}

/** What an installation of a project did, in a line for each package that was downloaded, and one for all. */
export function projectSentences({ results, asked }: ProjectInstall): readonly string[] {
  const added = results.filter(({ already }) => !already).map(({ installed }) => installed);
  const already = results.length - added.length;
  const total = `${counted(results.length, 'package')}${already > 0 ? `, ${already} of them already there` : ''}`;
  return [...added.map(({ name, version }) => printable(`${name}@${version} is installed`)), ...asked, total];
}
