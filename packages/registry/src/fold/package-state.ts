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

/** Who may read a package: everybody, or only those who have a right on it. */
export type Visibility = 'public' | 'private';

/** What the log says about a package. */
export interface PackageState {
  readonly name: string;
  /** The opaque ids of the users and organisations that it belongs to, the first publisher's first. */
  readonly owners: readonly string[];
  /** Versions by tag. None of them is yanked or taken down. */
  readonly tags: Readonly<Record<string, string>>;
  /** The version that describes the package in search: `latest`, or the highest while nothing is stable. */
  readonly shown: string;
  readonly visibility: Visibility;
  /** Why nobody should use it any more; undefined: it is not deprecated. */
  readonly deprecated: string | undefined;
  /** Why all of it was taken down; undefined: it was not. */
  readonly takenDown: string | undefined;
  /** The last operation that changed the package; those on versions count. */
  readonly changedAt: OperationPlace;
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
  /** Of the canonical bytes of its facts; undefined where the log has none. */
  readonly factsDigest: Digest | undefined;
  /** Its facts, as `packFacts` has packed them; undefined also where they are too long. */
  readonly facts: string | undefined;
  /** What its publisher has signed of it, a JSON array of Sigstore bundles; undefined: nothing. */
  readonly bundles: string | undefined;
  /** libbpf's names of the sections that its programs are in, such as `xdp` and `kprobe`: what search filters by, and no rule looks at. */
  readonly sections: readonly string[];
}

/** What later operations say of a version. */
export interface VersionStanding {
  /** Why it was yanked, which may be empty; undefined: it was not. A yanked version is had only by its number. */
  readonly yanked: string | undefined;
  /** Why nobody should use it any more; undefined: it is not deprecated. */
  readonly deprecated: string | undefined;
  /** Why it was taken down; undefined: it was not. Its number stays used and its contents are gone. */
  readonly takenDown: string | undefined;
}

/** A version with its place in the log. */
export interface VersionState extends VersionContent, VersionStanding {
  readonly at: OperationPlace;
  /** RFC 3339, UTC: the time of the entry. */
  readonly publishedAt: string;
}

/** A version among the others of its package. */
export interface Release {
  readonly version: string;
  /** Whether a tag may name it: it is neither yanked nor taken down. */
  readonly isOffered: boolean;
}
