import type { Digest } from '@ebpm/formats';
import type { JsonValue } from '../log/op.js';
import type { OperationPlace } from './operation-place.js';

/** A file of a published package, as its log operation lists it. */
export type ListedFile = {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
};

/** What the log says about a package. */
export interface PackageState {
  readonly name: string;
  /** The opaque id of the user who published first. */
  readonly owner: string;
  /** Versions by tag. */
  readonly tags: Readonly<Record<string, string>>;
  /** The version that describes the package in search: `latest`, or the highest while nothing is stable. */
  readonly shown: string;
}

/** What a publish says about a version, before it has a place in the log. */
export interface VersionContent {
  readonly name: string;
  /** As published, build metadata included. */
  readonly version: string;
  /** Of the canonical tar. */
  readonly digest: Digest;
  /** Of the canonical tar, in bytes. */
  readonly size: number;
  readonly files: readonly ListedFile[];
  /** ebpm.json, as published. */
  readonly manifest: Readonly<Record<string, JsonValue>>;
  /** The opaque id of the user who published. */
  readonly publisher: string;
  /** 0: the log has no facts about the objects inside. */
  readonly factsVersion: number;
}

/** A version with its place in the log. */
export interface VersionState extends VersionContent {
  readonly at: OperationPlace;
  /** RFC 3339, UTC: the time of the entry. */
  readonly publishedAt: string;
}
