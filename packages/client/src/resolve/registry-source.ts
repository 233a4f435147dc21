import { EbpmError, highestInRange, isInRange, type Manifest, readManifest } from '@ebpm/formats';
import type { ApiPackage, ApiPackageVersion } from '@ebpm/schemas';
import { listedVersions, takenDownVersions } from '../choose-version.js';
import { inParallel } from '../in-parallel.js';
import { MAX_DOWNLOADS } from '../limits.js';
import type { PackageRegistry } from '../package-registry.js';
import type { OfferedPackage, PackageSource, Requirement, VersionNeeds } from './package-source.js';

/** What versions are chosen by, besides the wishes. */
export interface RegistrySourceOptions {
  /** The registry that has a package. */
  readonly registryFor: (name: string) => PackageRegistry;
  /** Versions that may be chosen although they were yanked: those of a lockfile. */
  readonly locked: ReadonlyMap<string, string>;
  /** This program's version, for `requires.ebpm`. */
  readonly ebpmVersion: string;
  /** A kernel's version, such as `6.1`, that every package must be made for, by what its author says; default: not asked. */
  readonly kernel?: string | undefined;
}

/** A version as its registry lists it. */
export interface ListedVersion {
  readonly registry: PackageRegistry;
  readonly listed: ApiPackageVersion;
  /** The keys that the registry gives with the package. */
  readonly keys: NonNullable<ApiPackage['keys']>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Packages as registries offer them. What was asked for once is kept. */
export class RegistrySource implements PackageSource {
  readonly #options: RegistrySourceOptions;
  readonly #packages = new Map<string, Promise<ApiPackage | string>>();
  readonly #manifests = new Map<string, Promise<Manifest>>();

  /** Packages that cannot be had without the network, which is not to be used. */
  readonly missing = new Set<string>();

  constructor(options: RegistrySourceOptions) {
    this.#options = options;
  }

  async offered(name: string): Promise<OfferedPackage | string> {
    const found = await this.#package(name);
    if (typeof found === 'string') return found;
    const locked = this.#options.locked.get(name);
    const [versions, yanked] = [[] as string[], [] as (readonly [string, string])[]];
    for (const [version, listed] of numbers(found)) {
      if (!listed.yanked || version === locked) versions.push(version);
      else yanked.push([version, yankedText(listed)]);
    }
    const takenDown = takenDownVersions(found).map((version) => [version, TAKEN_DOWN] as const);
    if (versions.length + yanked.length + takenDown.length === 0) return 'it has no versions';
    return { versions, tags: found.tags, withheld: new Map([...yanked, ...takenDown]) };
  }

  async needs(name: string, version: string): Promise<VersionNeeds> {
    const { dependencies = {}, requires, kernel } = await this.#manifest(name, version);
    const refusal = this.#refusalOf(requires?.ebpm, kernel);
    const requirements = requirementsOf(dependencies);
    await this.lookAhead(requirements);
    return { requirements, refusal };
  }

  /** Asks for packages, and for the versions of them that are likely to be chosen, several at a time. What fails is told when it is needed. */
  async lookAhead(requirements: readonly Requirement[]): Promise<void> {
    await inParallel(requirements, MAX_DOWNLOADS, async ({ name, wanted }) => {
      try {
        const found = await this.offered(name);
        if (typeof found === 'string') return;
        const version = wanted.kind === 'range' ? highestInRange(found.versions, wanted.range) : found.tags[wanted.tag];
        const likely = this.#options.locked.get(name) ?? version;
        if (likely !== undefined && found.versions.includes(likely)) await this.#manifest(name, likely);
      } catch (error) {
        if (!(error instanceof EbpmError)) throw error;
      }
    });
  }

  /** A version that was offered, and what it asks for. */
  async listed(name: string, version: string): Promise<ListedVersion> {
    const found = await this.#package(name);
    const listed = typeof found === 'string' ? undefined : numbers(found).get(version);
    if (listed === undefined) throw new TypeError(`${name}@${version} was not offered`);
    const { dependencies = {} } = await this.#manifest(name, version);
    const { keys = [] } = typeof found === 'string' ? {} : found;
    return { registry: this.#options.registryFor(name), listed, keys, dependencies };
  }

  #package(name: string): Promise<ApiPackage | string> {
    return once(this.#packages, name, async () => {
      const registry = this.#options.registryFor(name);
      try {
        return await registry.package(name);
      } catch (error) {
        if (error instanceof EbpmError && error.code === 'EBPM_PACKAGE_NOT_FOUND') return notThere(registry.url, error);
        if (error instanceof EbpmError && error.code === 'EBPM_TAKEN_DOWN') return 'its registry has taken it down';
        if (error instanceof EbpmError && error.code === 'EBPM_OFFLINE') {
          this.missing.add(name);
          return 'the store has no archive of it';
        }
        throw error;
      }
    });
  }

  #manifest(name: string, version: string): Promise<Manifest> {
    return once(this.#manifests, `${name}@${version}`, async () => {
      const { manifest } = await this.#options.registryFor(name).version(name, version);
      return readManifest(JSON.stringify(manifest), `ebpm.json of ${name}@${version}`);
    });
  }

  /** Why a version cannot be taken, whatever else is chosen. */
  #refusalOf(ebpm: string | undefined, kernels: string | undefined): string | undefined {
    const { ebpmVersion, kernel } = this.#options;
    if (ebpm !== undefined && !isInRange(ebpmVersion, ebpm)) {
      return `it needs ebpm ${ebpm}, and this is ${ebpmVersion}`;
    }
    if (kernel === undefined || kernels === undefined || isWithin(kernel, kernels)) return undefined;
    return `its author claims Linux ${kernels}, and it is asked for Linux ${kernel}`;
  }
}

/** Wishes as a manifest has them. */
export function requirementsOf(dependencies: Readonly<Record<string, string>>): readonly Requirement[] {
  return Object.entries(dependencies).map(([name, range]) => ({ name, wanted: { kind: 'range', range } }));
}

const TAKEN_DOWN = 'was taken down';

function yankedText({ yankedBecause: reason }: ApiPackageVersion): string {
  return `was yanked${reason === undefined ? '' : ` (${reason})`}, and only an ebpm.lock that has it keeps it`;
}

function notThere(url: string, { data }: EbpmError): string {
  const similar = data?.['similar'];
  return `"${url}" does not have it${typeof similar === 'string' ? `; did you mean "${similar}"?` : ''}`;
}

/** A kernel's version has two numbers or three. */
function isWithin(kernel: string, kernels: string): boolean {
  const version = /^\d+\.\d+$/.test(kernel) ? `${kernel}.0` : kernel;
  return isInRange(version, kernels);
}

/** The versions of a package by their numbers. */
function numbers(from: ApiPackage): ReadonlyMap<string, ApiPackageVersion> {
  return new Map(listedVersions(from).map((one) => [one.version, one]));
}

function once<T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const found = find();
  known.set(key, found);
  return found;
}
