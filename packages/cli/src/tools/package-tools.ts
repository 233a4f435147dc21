import { Installed } from '@ebpm/client/installed';
import { keptNeeds } from '@ebpm/client/needs';
import { EbpmError, sniffPackage } from '@ebpm/formats';
import { importsFunction } from '@ebpm/object';
import { openPackage } from '@ebpm/runner';
import type { LockedPackage, Lockfile } from '@ebpm/schemas';
import { MAX_TOOL_DEPTH } from '@ebpm/wasm';
import { type Judgeable, judgeable } from '../consent/judgeable.js';
import type { Context } from '../context.js';
import { inputManifest, projectOf } from '../input-manifest.js';
import { findInstalled, type PackageInput } from '../package-source.js';
import { trustedLockfile } from '../version-by-lockfile.js';
import { WasmPackage } from '../wasm/wasm-package.js';

/** A tool that a package can start. */
export interface PackageTool {
  readonly name: string;
  readonly version: string;
  readonly input: PackageInput;
  readonly pkg: Judgeable;
}

/** What the module of a package can start: what its ebpm.json names in `dependencies`, in the versions that were chosen. */
export interface PackageTools {
  /** Those that the module itself can start, by name. */
  readonly own: ReadonlyMap<string, PackageTool>;
  /** Those, and what they can start themselves: what somebody has to agree to. */
  readonly all: readonly PackageTool[];
  /** Why others that are named there cannot be started, by name. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Of a package that starts nothing. */
export const NO_TOOLS: PackageTools = { own: new Map(), all: [], missing: new Map() };

/**
 * The tools that the module of a package can start. Nothing of one that does not import the function that starts them.
 *
 * @param depth how many packages have started each other to start this one
 * @throws what reading the manifest, the lockfile and the installed tools throws
 */
export async function packageTools(context: Context, input: PackageInput, depth = 0): Promise<PackageTools> {
  if (depth >= MAX_TOOL_DEPTH || sniffPackage(input.bytes) !== 'wasm') return NO_TOOLS;
  const { dependencies = {} } = (await inputManifest(context, input)) ?? {};
  const names = Object.keys(dependencies).sort();
  if (names.length === 0 || !importsFunction(input.bytes, 'ebpm', 'tool_start')) return NO_TOOLS;
  const { packages = {} } = (await chosenVersions(context, input)) ?? {};
  const own = new Map<string, PackageTool>();
  const missing = new Map<string, string>();
  for (const name of names) {
    const chosen = Object.hasOwn(packages, name) ? packages[name] : undefined;
    const found = await packageTool(context, { name, chosen, cure: cureOf(input), store: input.store });
    if (typeof found === 'string') missing.set(name, found);
    else if (found !== undefined) own.set(name, found);
  }
  const all = new Map([...own.values()].map((tool) => [labelOf(tool), tool]));
  for (const tool of own.values()) {
    for (const next of (await packageTools(context, tool.input, depth + 1)).all) all.set(labelOf(next), next);
  }
  return { own, all: [...all.values()], missing };
}

/** `tool@1.0.0` */
export function labelOf({ name, version }: Pick<PackageTool, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** What was chosen for what a package depends on: by the lockfile that names it, when it was installed, or for the project that it was built in. */
async function chosenVersions({ env }: Context, input: PackageInput): Promise<Lockfile | undefined> {
  if (input.lockfile !== undefined) return input.lockfile;
  if (input.installed !== undefined) return keptNeeds(input.installed);
  const folder = projectOf(input);
  return folder === undefined ? undefined : trustedLockfile(folder, env);
}

interface WantedTool {
  readonly name: string;
  readonly chosen: LockedPackage | undefined;
  /** Where it is looked for; default: in what is installed. */
  readonly store: Installed | undefined;
  /** What to type where it is not there. */
  readonly cure: string;
}

function cureOf({ installed, lockfile }: PackageInput): string {
  return installed === undefined || lockfile !== undefined
    ? 'ebpm install'
    : `ebpm install ${installed.name}@${installed.version}`;
}

/** A text says why it cannot be started; undefined for headers, which nobody starts. */
async function packageTool(context: Context, wanted: WantedTool): Promise<PackageTool | string | undefined> {
  const { name, chosen, cure, store = new Installed(context.home) } = wanted;
  if (chosen === undefined) return `no version of it was chosen: type ${cure}`;
  const { version, digest } = chosen;
  const there = await store.version(name, version);
  const missing = `version ${version} of it is not installed: type ${cure}`;
  if (there === undefined) return missing;
  if (there.digest !== digest) return `what is installed as version ${version} is not what was chosen`;
  if (there.entry === undefined) return undefined;
  const input = await exactInput(context, { name, version }, store);
  if (input === undefined) return missing;
  return { name, version, input, pkg: judgeableOf(input) };
}

/** An installed version, or one of a store that is given, as `ebpm run NAME@VERSION` finds it. @throws what findInstalled throws */
export async function exactInput(
  context: Context,
  { name, version }: Pick<PackageTool, 'name' | 'version'>,
  store?: Installed,
): Promise<PackageInput | undefined> {
  return unlessMissing(findInstalled(context, { kind: 'range', name, range: version }, store));
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof EbpmError && error.code === 'EBPM_NOT_INSTALLED') return undefined;
    throw error;
  }
}

function judgeableOf(input: PackageInput): Judgeable {
  const { bytes, source } = input;
  return sniffPackage(bytes) === 'wasm' ? new WasmPackage(bytes, source) : judgeable(openPackage(bytes, input));
}
