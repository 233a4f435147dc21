import { EbpmError } from '@ebpm/formats';
import { judgePublish } from '../fold/judge-publish.js';
import type { FoldContext } from '../fold/operation-place.js';
import type { Visibility } from '../fold/package-state.js';
import { ENTRY_LIMITS } from '../limits-log.js';
import { type JsonValue, RULES } from '../log/op.js';
import type { Registry } from '../registry.js';
import type { CheckedPackage } from './check-package.js';
import { checkMetadataSize } from './metadata-size.js';
import type { PublishingRight } from './publishing-right.js';

/** A publish that was checked and only needs to be written. */
export interface PublishRequest {
  readonly name: string;
  readonly version: string;
  readonly tag?: string | undefined;
  readonly archive: Uint8Array;
  readonly checked: CheckedPackage;
  readonly visibility?: Visibility | undefined;
  /** What was signed of it, see `checkBundles`. */
  readonly bundles?: readonly JsonValue[] | undefined;
  /** The id of the user or trusted publisher. */
  readonly by: string;
  readonly right: PublishingRight;
}

/** Where the version is in the log, and whether this request put it there. */
export interface Published {
  readonly seq: number;
  readonly created: boolean;
}

/** A publish that the rules allow as things stand. Nothing of it has been stored. */
export interface PlannedPublish {
  readonly request: PublishRequest;
  readonly op: ReturnType<typeof publishOp>;
  /** Where it is in the log already. */
  readonly repeats: number | undefined;
}

/**
 * Refuses what the rules forbid already.
 * @throws EBPM_NOT_OWNER, EBPM_NAME_TOO_SIMILAR, EBPM_VERSION_EXISTS, EBPM_TAG_REQUIRED, EBPM_TAG_INVALID,
 *   EBPM_PACKAGE_METADATA_TOO_LARGE, EBPM_BLOB_CONDEMNED
 */
export function planPublish({ packages }: Registry, request: PublishRequest): PlannedPublish {
  const op = fittingOp(request);
  const verdict = judgePublish(packages, op, NOT_YET);
  if (verdict.kind === 'refused') throw new EbpmError(verdict.code, verdict.message, verdict.options);
  return { request, op, repeats: verdict.kind === 'repeated' ? verdict.at.seq : undefined };
}

/**
 * Stores the archive, then writes the publish into the log: that is the commit. Repeating a publish is a success with the number of the
 * first, and writes the archive anew. Where it fails, a request to the store that was given up may still read the archive.
 * @throws what `planPublish` and `right` have checked, and what a log's `commit` throws
 */
export async function publishPackage(registry: Registry, { request, op, repeats }: PlannedPublish): Promise<Published> {
  const { archive, checked, right } = request;
  const sweeps = registry.packages.sweeps;
  await registry.blobs.put(checked.digest, archive);
  if (repeats !== undefined) return { seq: repeats, created: false };
  const committed = await registry.permits.during(op, right.check, () => registry.log.commit(op));
  // Between the two no entry named the archive yet. Whoever removes it then says so in the log, before and after.
  if (registry.packages.sweeps !== sweeps && (await registry.blobs.size(checked.digest)) === undefined)
    await registry.blobs.put(checked.digest, archive);
  return { seq: committed.seq, created: !committed.already };
}

/** A publish that is only judged has no place and no time. */
const NOT_YET: FoldContext = { at: { seq: 0, index: 0 }, time: '1970-01-01T00:00:00.000Z', rules: RULES };

function publishOp({ name, version, tag, visibility, archive, checked, by, bundles, right: { as } }: PublishRequest) {
  const { digest, files, manifest, sections, facts } = checked;
  return {
    type: 'publish' as const,
    by,
    ...(as !== by && { as }),
    name,
    version,
    digest,
    size: archive.length,
    files,
    manifest,
    ...(tag !== undefined && { tag }),
    ...(visibility !== undefined && { visibility }),
    factsVersion: facts.factsVersion,
    factsDigest: facts.factsDigest,
    ...(facts.facts !== undefined && { facts: facts.facts }),
    ...(bundles !== undefined && { bundles }),
    sections,
  };
}

/** Room in an operation's line for what the log adds: salt, position, and their names. */
const ADDED_SIZE_BYTES = 100;

/** Facts are left out where there is no room: their digest stays. */
function fittingOp(request: PublishRequest): ReturnType<typeof publishOp> {
  const op = publishOp(request);
  if (sizeOf(op) <= ENTRY_LIMITS.opLineSizeBytes) return op;
  delete op.facts;
  checkMetadataSize(request, { files: op.files.length, sizeBytes: sizeOf(op) });
  return op;
}

function sizeOf(op: ReturnType<typeof publishOp>): number {
  return Buffer.byteLength(JSON.stringify(op)) + ADDED_SIZE_BYTES;
}
