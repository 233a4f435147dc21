import { parseVersion } from '@ebpm/formats';
import type { VoidOperation } from './operation-place.js';
import type { PackageState, VersionState } from './package-state.js';
import type { PackageView } from './package-view.js';
import { squash } from './squash.js';

/**
 * Changes on top of a state that itself stays as it is. A draft is thrown away after operations were judged on it,
 * or written as a whole once they are in the log.
 */
export class PackageDraft implements PackageView {
  readonly #base: PackageView;
  readonly #packages = new Map<string, PackageState>();
  readonly #versions = new Map<string, VersionState>();
  readonly #lookalikes = new Map<string, string>();
  readonly #voids: VoidOperation[] = [];

  constructor(base: PackageView) {
    this.#base = base;
  }

  package(name: string): PackageState | undefined {
    return this.#packages.get(name) ?? this.#base.package(name);
  }

  version(name: string, identity: string): VersionState | undefined {
    return this.#versions.get(`${name}@${identity}`) ?? this.#base.version(name, identity);
  }

  lookalike(squashed: string): string | undefined {
    return this.#lookalikes.get(squashed) ?? this.#base.lookalike(squashed);
  }

  put(state: PackageState, version: VersionState): void {
    this.#packages.set(state.name, state);
    this.#versions.set(`${version.name}@${parseVersion(version.version)}`, version);
    this.#lookalikes.set(squash(state.name), state.name);
  }

  putVoid(operation: VoidOperation): void {
    this.#voids.push(operation);
  }

  /** Everything that differs from the base, in the order of its first change. */
  changes(): { packages: PackageState[]; versions: VersionState[]; voids: VoidOperation[] } {
    return { packages: [...this.#packages.values()], versions: [...this.#versions.values()], voids: [...this.#voids] };
  }
}
