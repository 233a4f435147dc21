import { parseVersion } from '@ebpm/formats';
import type { KeyState } from './key-state.js';
import type { OperationPlace, VoidOperation } from './operation-place.js';
import type { PackageState, Release, VersionState } from './package-state.js';
import type { Holder, PackageView } from './package-view.js';
import { squash } from './squash.js';

/** Everything in which a draft differs from its base, in the order of its first change. */
export interface PackageChanges {
  readonly packages: readonly PackageState[];
  readonly versions: readonly VersionState[];
  /** Names of packages of which all versions of the base are gone. */
  readonly emptied: readonly string[];
  readonly keys: readonly KeyState[];
  /** Digests and where they were condemned; without a place they were swept. */
  readonly condemned: readonly (readonly [digest: string, at: OperationPlace | undefined])[];
  readonly voids: readonly VoidOperation[];
}

/**
 * Changes on top of a state that itself stays as it is. A draft is thrown away after operations were judged on it,
 * or written as a whole once they are in the log.
 */
export class PackageDraft implements PackageView {
  readonly #base: PackageView;
  readonly #packages = new Map<string, PackageState>();
  /** By package, then by identity. */
  readonly #versions = new Map<string, Map<string, VersionState>>();
  readonly #emptied = new Set<string>();
  readonly #lookalikes = new Map<string, string>();
  readonly #keys = new Map<string, KeyState>();
  readonly #condemned = new Map<string, OperationPlace | undefined>();
  readonly #voids: VoidOperation[] = [];

  constructor(base: PackageView) {
    this.#base = base;
  }

  package(name: string): PackageState | undefined {
    return this.#packages.get(name) ?? this.#base.package(name);
  }

  version(name: string, identity: string): VersionState | undefined {
    const own = this.#versions.get(name)?.get(identity);
    if (own !== undefined || this.#emptied.has(name)) return own;
    return this.#base.version(name, identity);
  }

  releases(name: string): readonly Release[] {
    const own = this.#versions.get(name) ?? new Map<string, VersionState>();
    const kept = this.#emptied.has(name) ? [] : this.#base.releases(name);
    return [
      ...kept.filter(({ version }) => !own.has(parseVersion(version))),
      ...[...own.values()].map(({ version, yanked, takenDown }) => ({
        version,
        isOffered: yanked === undefined && takenDown === undefined,
      })),
    ];
  }

  lookalike(squashed: string): string | undefined {
    return this.#lookalikes.get(squashed) ?? this.#base.lookalike(squashed);
  }

  key(id: string): KeyState | undefined {
    return this.#keys.get(id) ?? this.#base.key(id);
  }

  condemned(digest: string): OperationPlace | undefined {
    return this.#condemned.has(digest) ? this.#condemned.get(digest) : this.#base.condemned(digest);
  }

  holders(digest: string): readonly Holder[] {
    const own = [...this.#versions.values()].flatMap((versions) => [...versions.values()]);
    return [
      ...this.#base.holders(digest).filter(({ name, identity }) => !this.#overrides(name, identity)),
      ...own
        .filter((version) => version.digest === digest && version.takenDown === undefined)
        .map(({ name, version }) => ({ name, identity: parseVersion(version) })),
    ];
  }

  putPackage(state: PackageState): void {
    this.#packages.set(state.name, state);
    this.#lookalikes.set(squash(state.name), state.name);
  }

  putVersion(version: VersionState): void {
    const versions = this.#versions.get(version.name) ?? new Map<string, VersionState>();
    this.#versions.set(version.name, versions.set(parseVersion(version.version), version));
  }

  /** Forgets all versions of a package. */
  emptyPackage(name: string): void {
    this.#versions.delete(name);
    this.#emptied.add(name);
  }

  putKey(key: KeyState): void {
    this.#keys.set(key.id, key);
  }

  /** @param at undefined: the bytes are gone, and the digest may come again */
  putCondemned(digest: string, at: OperationPlace | undefined): void {
    this.#condemned.set(digest, at);
  }

  putVoid(operation: VoidOperation): void {
    this.#voids.push(operation);
  }

  changes(): PackageChanges {
    return {
      packages: [...this.#packages.values()],
      versions: [...this.#versions.values()].flatMap((versions) => [...versions.values()]),
      emptied: [...this.#emptied],
      keys: [...this.#keys.values()],
      condemned: [...this.#condemned],
      voids: [...this.#voids],
    };
  }

  #overrides(name: string, identity: string): boolean {
    return this.#emptied.has(name) || this.#versions.get(name)?.has(identity) === true;
  }
}
