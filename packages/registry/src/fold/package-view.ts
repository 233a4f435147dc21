import type { PackageState, VersionState } from './package-state.js';

/** The state that operations are judged on: a fold of the log up to some entry. */
export interface PackageView {
  package(name: string): PackageState | undefined;
  /** @param identity the version without build metadata, see `parseVersion` */
  version(name: string, identity: string): VersionState | undefined;
  /** The package whose name squashes to the same text, see `squash`. */
  lookalike(squashed: string): string | undefined;
}

/** The state before the first entry. */
export const EMPTY_VIEW: PackageView = {
  package: () => undefined,
  version: () => undefined,
  lookalike: () => undefined,
};
