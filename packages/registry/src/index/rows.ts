import { type Digest, digestHex, parseVersion } from '@ebpm/formats';
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

/** A row of `versions`: of a million packages it is the largest part, so that hashes and times are in as few bytes as can be. */
export interface VersionRow {
  readonly name: string;
  readonly identity: string;
  readonly version: string;
  /** 32 bytes. */
  readonly digest: Uint8Array;
  readonly size: number;
  /** JSON array: path and size of each file in turn. */
  readonly files: string;
  /** 32 bytes for each file. */
  readonly fileHashes: Uint8Array;
  /** JSON object. */
  readonly manifest: string;
  readonly publisher: string;
  readonly factsVersion: number;
  /** 32 bytes. */
  readonly factsDigest: Uint8Array | null;
  readonly facts: string | null;
  /** JSON array. */
  readonly bundles: string | null;
  /** JSON array. */
  readonly sections: string;
  readonly yanked: string | null;
  readonly deprecated: string | null;
  readonly takenDown: string | null;
  readonly seq: number;
  readonly op: number;
  readonly publishedMs: number;
}

/** The columns of `versions` as a row has them. */
export const VERSION_COLUMNS = `
  name, identity, version, digest, size, files, file_hashes AS fileHashes, manifest, publisher, facts_version AS factsVersion,
  facts_digest AS factsDigest, facts, bundles, sections, yanked, deprecated, taken_down AS takenDown, seq, op, published_ms AS publishedMs`;

/** A row of `keys`. */
export interface KeyRow {
  readonly id: string;
  readonly owner: string;
  readonly public_key: string;
  readonly replaces: string | null;
  readonly rotation: string | null;
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
  const { name, version, size, publisher, factsVersion } = row;
  return {
    name,
    version,
    digest: digestFromRow(row.digest),
    size,
    files: filesFromRow(row),
    manifest: JSON.parse(row.manifest) as Record<string, JsonValue>,
    publisher,
    factsVersion,
    factsDigest: row.factsDigest === null ? undefined : digestFromRow(row.factsDigest),
    facts: row.facts ?? undefined,
    bundles: row.bundles ?? undefined,
    sections: JSON.parse(row.sections) as string[],
    yanked: row.yanked ?? undefined,
    deprecated: row.deprecated ?? undefined,
    takenDown: row.takenDown ?? undefined,
    at: { seq: row.seq, index: row.op },
    publishedAt: new Date(row.publishedMs).toISOString(),
  };
}

/** The row of a state. */
export function versionToRow(state: VersionState): VersionRow {
  const { name, version, size, files, publisher, factsVersion, factsDigest, facts = null } = state;
  return {
    name,
    identity: parseVersion(version),
    version,
    digest: digestToRow(state.digest),
    size,
    files: JSON.stringify(files.flatMap((file) => [file.path, file.size])),
    fileHashes: Buffer.from(files.map(({ sha256 }) => sha256).join(''), 'hex'),
    manifest: JSON.stringify(state.manifest),
    publisher,
    factsVersion,
    factsDigest: factsDigest === undefined ? null : digestToRow(factsDigest),
    facts,
    bundles: state.bundles ?? null,
    sections: JSON.stringify(state.sections),
    yanked: state.yanked ?? null,
    deprecated: state.deprecated ?? null,
    takenDown: state.takenDown ?? null,
    seq: state.at.seq,
    op: state.at.index,
    // The times of entries are UTC in milliseconds, always written alike.
    publishedMs: Date.parse(state.publishedAt),
  };
}

/** A digest as `versions` has it. */
export function digestToRow(digest: Digest): Uint8Array {
  return Buffer.from(digestHex(digest), 'hex');
}

/** The digest that `versions` has. */
export function digestFromRow(bytes: Uint8Array): Digest {
  return `sha256:${Buffer.from(bytes).toString('hex')}`;
}

function filesFromRow({ files, fileHashes }: VersionRow): ListedFile[] {
  const hashes = Buffer.from(fileHashes).toString('hex');
  const values = JSON.parse(files) as (string | number)[];
  return Array.from({ length: values.length / 2 }, (_, i) => ({
    path: String(values[2 * i]),
    size: Number(values[2 * i + 1]),
    sha256: hashes.slice(64 * i, 64 * (i + 1)),
  }));
}

/** The state that a row holds. */
export function keyFromRow(row: KeyRow): KeyState {
  const { id, owner } = row;
  return {
    id,
    owner,
    publicKey: row.public_key,
    replaces: row.replaces ?? undefined,
    rotation: row.rotation ?? undefined,
    at: { seq: row.seq, index: row.op },
    registeredAt: row.registered_at,
    revokedAt: row.revoked_at ?? undefined,
  };
}
