import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Installed, type InstalledVersion, type NamedSpec } from '@ebpm/client/installed';
import { EbpmError, parseSpec } from '@ebpm/formats';
import type { LockedApproval, Lockfile } from '@ebpm/schemas';
import { asksRegistry, type LookedUp } from './asks-registry.js';
import { besideObject } from './beside-object.js';
import type { Context } from './context.js';
import { isFolder } from './is-folder.js';
import { readFileArgument, readStdin } from './read-input.js';
import type { PinnedVersion } from './version-by-lockfile.js';

/** What a spec names. */
export interface PackageInput {
  readonly bytes: Uint8Array;
  /** What it is called in errors, and what an object without metadata is named after. */
  readonly source: string;
  /** The object that lies beside a file with nothing but metadata. */
  readonly object?: Uint8Array | undefined;
  /** The package that it is the entry of, where one is installed. */
  readonly installed?: InstalledVersion | undefined;
  /** The archive that the entry of an installed package was found in, which was read once. @throws EBPM_STORE_DAMAGED */
  readonly archive?: (() => Uint8Array) | undefined;
  /** Where it was found, and what it needs is found; default: in what is installed. */
  readonly store?: Installed | undefined;
  /** What the lockfile here says that the project has agreed to. */
  readonly approved?: LockedApproval | undefined;
  /** The lockfile that names it. */
  readonly lockfile?: Lockfile | undefined;
}

/** Where a package was read from: `installed` without asking anybody, `registry` where that said which version it is, or had it. */
export type InputOrigin = 'installed' | 'registry' | 'file' | 'url' | 'stdin';

/** What a spec names, with where it was read from. */
export interface NamedInput extends PackageInput {
  readonly from: InputOrigin;
}

/** How a spec is read. */
export interface ReadOptions {
  /** Another entry of the package than the first for this machine. */
  readonly entry?: string | undefined;
  /** What is looked up at the registry, unless there is no network. Default: tags. */
  readonly lookedUp?: LookedUp;
  /** What becomes of a version that is not there: it is installed, or only looked at, which leaves what is installed as it is. Default: `install`. */
  readonly missing?: 'install' | 'look';
}

/** As `@ebpm/client/lockfile` calls it, which is only loaded where there is one. */
const LOCKFILE = 'ebpm.lock';

/**
 * Reads what a spec names, and of a package the entry that is named, or else the one that is for this machine: a file, what a project was built into, stdin, an address, or the entry of an installed package. One that is
 * missing, or another one that the registry says is meant, is installed first, or only downloaded and checked, also where a lockfile names it. What is installed needs no network otherwise.
 *
 * @throws EBPM_FILE_UNREADABLE, EBPM_DOWNLOAD_FAILED, EBPM_NOT_INSTALLED, EBPM_STORE_DAMAGED, EBPM_LOCKFILE_INVALID,
 *   EBPM_LOCKFILE_MISMATCH and what `ebpm install` fails with
 */
export async function readPackageInput(context: Context, text: string, options: ReadOptions = {}): Promise<NamedInput> {
  const { entry, lookedUp = 'tags', missing = 'install' } = options;
  const spec = parseSpec(text);
  const isProject = spec.kind === 'path' && (await isFolder(spec.path));
  if (entry !== undefined && !isProject && spec.kind !== 'range' && spec.kind !== 'tag') throw entryOfFile(text, entry);
  switch (spec.kind) {
    case 'path': {
      const path = isProject ? join(spec.path, 'dist', await projectEntry(spec.path, entry)) : spec.path;
      return { ...(await readInputFile(path)), from: 'file' };
    }
    case 'stdin':
      return { bytes: await readStdin(process.stdin), source: text, from: 'stdin' };
    case 'url': {
      const { downloadInChild } = await import('./download-in-child.js');
      return { bytes: await downloadInChild(context, spec.url), source: text, from: 'url' };
    }
    default: {
      const isLookedUp = !context.isOffline && asksRegistry(spec, text, lookedUp);
      return withEntry(await readNamed(context, { spec, text, isLookedUp, missing }), entry);
    }
  }
}

/** Another entry than the one that was chosen when it was installed. */
async function withEntry(input: NamedInput, entry: string | undefined): Promise<NamedInput> {
  const { installed, store } = input;
  if (entry === undefined || installed === undefined || store === undefined) return input;
  return { ...input, ...(await entryInput(store, await store.withEntry(installed, entry))) };
}

/** What of a project runs here. Loaded only where it is needed: most runs are of what is installed. */
async function projectEntry(folder: string, entry: string | undefined): Promise<string> {
  const { entryOfProject } = await import('./entry-of-project.js');
  return entryOfProject(folder, entry);
}

function entryOfFile(text: string, entry: string): EbpmError {
  return new EbpmError('EBPM_USAGE_INVALID', `Cannot use --entry with "${text}": it is one file, and no package`, {
    hint: `Name the file itself, such as ${entry}`,
  });
}

/** Reads a file that can be run, with the object beside it where it is metadata alone. @throws EBPM_FILE_UNREADABLE */
export async function readInputFile(path: string): Promise<PackageInput> {
  const bytes = await readFileArgument(path);
  return { bytes, source: path, object: await besideObject(path, bytes) };
}

interface NamedRequest {
  readonly spec: NamedSpec;
  /** The spec as it was typed. */
  readonly text: string;
  /** Whether the registry says which version is meant. */
  readonly isLookedUp: boolean;
  readonly missing: 'install' | 'look';
}

async function readNamed(context: Context, { spec, text, isLookedUp, missing }: NamedRequest): Promise<NamedInput> {
  const locked = !isLookedUp && missing === 'look' ? await lockedMissing(context, spec) : undefined;
  const there = isLookedUp || locked !== undefined ? undefined : await findInstalled(context, spec);
  if (there !== undefined) return { ...there, from: 'installed' };
  const { version, store } = await (missing === 'look' ? looked(context, text, locked) : installed(context, text));
  const found = await findInstalled(context, { kind: 'range', name: spec.name, range: version }, store);
  if (found !== undefined) return { ...found, from: 'registry' };
  throw new EbpmError('EBPM_NOT_INSTALLED', `Cannot find "${text}" in "${context.home}" after it was installed`, {
    hint: 'Check EBPM_HOME',
  });
}

/** A version that is there now, and where it can be read. */
interface FetchedVersion {
  readonly version: string;
  readonly store: Installed;
}

/** Loaded only where it is needed: most runs are of what is installed. */
async function installed(context: Context, text: string): Promise<FetchedVersion> {
  const { installInChild } = await import('./install-in-child.js');
  return { version: await installInChild(context, text), store: new Installed(context.home) };
}

/** @param locked what the lockfile here names, as an exact spec, which it is looked at by */
async function looked(context: Context, text: string, locked: string | undefined): Promise<FetchedVersion> {
  const { lookInChild } = await import('./look-in-child.js');
  return locked === undefined ? lookInChild(context, text) : lookInChild(context, locked, true);
}

/** What the lockfile here names for a spec and is not installed, so that a project is looked at that nothing was installed for yet. */
async function lockedMissing(context: Context, spec: NamedSpec): Promise<string | undefined> {
  if (!existsSync(LOCKFILE)) return undefined;
  const { missingByLockfile } = await import('./version-by-lockfile.js');
  const version = await missingByLockfile(context, new Installed(context.home), spec);
  return version === undefined ? undefined : `${spec.name}@${version}`;
}

/** What a spec names of what is installed, as a run finds it. @throws EBPM_STORE_DAMAGED, EBPM_LOCKFILE_INVALID, EBPM_LOCKFILE_MISMATCH, EBPM_NOT_INSTALLED */
export async function findInstalled(
  context: Context,
  spec: NamedSpec,
  store = new Installed(context.home),
): Promise<PackageInput | undefined> {
  const pinned = existsSync(LOCKFILE) ? await pinnedVersion(context, store, spec) : undefined;
  if (pinned !== undefined) {
    const { version, approved, lockfile } = pinned;
    return { ...(await entryInput(store, version)), approved, lockfile };
  }
  const there = await store.find(spec);
  return there && entryInput(store, there);
}

/** What the lockfile here names, so that everybody who works on a project runs the same. */
async function pinnedVersion(
  context: Context,
  installed: Installed,
  spec: NamedSpec,
): Promise<PinnedVersion | undefined> {
  const { versionByLockfile } = await import('./version-by-lockfile.js');
  return versionByLockfile(context, installed, spec);
}

async function entryInput(store: Installed, version: InstalledVersion): Promise<PackageInput> {
  const source = `${version.name}@${version.version}/${version.entry?.path ?? ''}`;
  const { bytes, archive } = await store.openEntry(version);
  return { bytes, source, installed: version, archive, store };
}
