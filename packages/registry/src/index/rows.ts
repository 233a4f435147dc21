import type { Digest } from '@ebpm/formats';
import type { ListedFile, PackageState, VersionState } from '../fold/package-state.js';
import type { JsonValue } from '../log/op.js';

/** A row of `packages`. */
export interface PackageRow {
  readonly id: number;
  readonly name: string;
  readonly squashed: string;
  readonly owner: string;
  /** JSON object. */
  readonly tags: string;
  readonly shown: string;
}

/** A row of `versions`. */
export interface VersionRow {
  readonly name: string;
  readonly identity: string;
  readonly version: string;
  readonly digest: Digest;
  readonly size: number;
  /** JSON array. */
  readonly files: string;
  /** JSON object. */
  readonly manifest: string;
  readonly publisher: string;
  readonly facts_version: number;
  readonly seq: number;
  readonly op: number;
  readonly published_at: string;
}

/** The state that a row holds. */
export function packageFromRow({ name, owner, tags, shown }: PackageRow): PackageState {
  return { name, owner, tags: JSON.parse(tags) as Record<string, string>, shown };
}

/** The state that a row holds. */
export function versionFromRow(row: VersionRow): VersionState {
  const { name, version, digest, size, publisher } = row;
  return {
    name,
    version,
    digest,
    size,
    files: JSON.parse(row.files) as ListedFile[],
    manifest: JSON.parse(row.manifest) as Record<string, JsonValue>,
    publisher,
    factsVersion: row.facts_version,
    at: { seq: row.seq, index: row.op },
    publishedAt: row.published_at,
  };
}
