import type { Digest } from '@ebpm/formats';
import type { KeyState } from '../fold/key-state.js';
import type { ListedFile, PackageState, VersionState, Visibility } from '../fold/package-state.js';
import type { JsonValue } from '../log/op.js';

/** A row of `packages`. */
export interface PackageRow {
  readonly id: number;
  readonly name: string;
  readonly squashed: string;
  /** JSON array. */
  readonly owners: string;
  /** JSON object. */
  readonly tags: string;
  readonly shown: string;
  readonly visibility: Visibility;
  readonly deprecated: string | null;
  readonly taken_down: string | null;
  readonly seq: number;
  readonly op: number;
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
  /** JSON array. */
  readonly sections: string;
  readonly yanked: string | null;
  readonly deprecated: string | null;
  readonly taken_down: string | null;
  readonly seq: number;
  readonly op: number;
  readonly published_at: string;
}

/** A row of `keys`. */
export interface KeyRow {
  readonly id: string;
  readonly owner: string;
  readonly public_key: string;
  readonly seq: number;
  readonly op: number;
  readonly registered_at: string;
  readonly revoked_at: string | null;
}

/** The state that a row holds. */
export function packageFromRow(row: PackageRow): PackageState {
  const { name, shown, visibility } = row;
  return {
    name,
    owners: JSON.parse(row.owners) as string[],
    tags: JSON.parse(row.tags) as Record<string, string>,
    shown,
    visibility,
    deprecated: row.deprecated ?? undefined,
    takenDown: row.taken_down ?? undefined,
    changedAt: { seq: row.seq, index: row.op },
  };
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
    sections: JSON.parse(row.sections) as string[],
    yanked: row.yanked ?? undefined,
    deprecated: row.deprecated ?? undefined,
    takenDown: row.taken_down ?? undefined,
    at: { seq: row.seq, index: row.op },
    publishedAt: row.published_at,
  };
}

/** The state that a row holds. */
export function keyFromRow(row: KeyRow): KeyState {
  const { id, owner } = row;
  return {
    id,
    owner,
    publicKey: row.public_key,
    at: { seq: row.seq, index: row.op },
    registeredAt: row.registered_at,
    revokedAt: row.revoked_at ?? undefined,
  };
}
