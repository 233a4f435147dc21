import type { KeyState } from './key-state.js';
import type { OperationPlace } from './operation-place.js';
import type { PackageState, Release, VersionState } from './package-state.js';

/** A version by the name of its package and its number without build metadata. */
export interface Holder {
  readonly name: string;
  readonly identity: string;
}

/** The state that operations are judged on: a fold of the log up to some entry. */
export interface PackageView {
  package(name: string): PackageState | undefined;
  /** @param identity the version without build metadata, see `parseVersion` */
  version(name: string, identity: string): VersionState | undefined;
  /** All versions of a package. */
  releases(name: string): readonly Release[];
  /** The package whose name squashes to the same text, see `squash`. */
  lookalike(squashed: string): string | undefined;
  key(id: string): KeyState | undefined;
  /** Where the digest was condemned; undefined: its bytes stay. */
  condemned(digest: string): OperationPlace | undefined;
  /** The versions that were not taken down and have the digest. */
  holders(digest: string): readonly Holder[];
}

/** The state before the first entry. */
export const EMPTY_VIEW: PackageView = {
  package: () => undefined,
  version: () => undefined,
  releases: () => [],
  lookalike: () => undefined,
  key: () => undefined,
  condemned: () => undefined,
  holders: () => [],
};
