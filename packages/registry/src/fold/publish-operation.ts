import { EbpmError, isDigest, isPackageName, openBundle } from '@ebpm/formats';
import { ENTRY_LIMITS } from '../limits-log.js';
import type { Op } from '../log/op.js';
import { isCount, isObject, isVersion } from './field-checks.js';
import type { ListedFile, VersionContent, Visibility } from './package-state.js';
import { isOwnerId, isTrustId, isUserId } from './principal.js';

/** A publish, as it stands in the log, without what every operation has. Readers take it from `parsePublish`. */
export interface PublishOperation
  extends Omit<VersionContent, 'publisher' | 'sections' | 'facts' | 'factsDigest' | 'bundles'> {
  readonly type: 'publish';
  /** The opaque id of the user who publishes; under rules 2 also of a trusted publisher, who always acts `as` somebody. */
  readonly by: string;
  /** Rules 2: the owner for whom `by` acts; the registry has checked that he may. */
  readonly as?: string;
  /** Read by `readableSections`, since no rule looks at it. */
  readonly sections?: unknown;
  /** Read by `readableFacts`, since no rule looks at them. */
  readonly factsDigest?: unknown;
  readonly facts?: unknown;
  /** Read by `readableBundles`: the registry has checked them, and clients do it again. */
  readonly bundles?: unknown;
  /** The tag to set; without one `latest` moves when the version is the highest stable one. */
  readonly tag?: string;
  /** Rules 2: who may read a new package; on an existing one it must be what it is. */
  readonly visibility?: Visibility;
}

/**
 * The operation as a publish, or undefined when it is not one in every part. Fields that the rules do not know are let be.
 * @param rules those in force
 */
export function parsePublish(op: Op, rules: number): PublishOperation | undefined {
  const fields: object = rules < 2 ? withoutRules2(op) : op;
  return isPublish(fields) && (rules < 2 ? isUserId(op.by) : isActing(op)) ? fields : undefined;
}

function withoutRules2({ as, visibility, ...fields }: Op): object {
  return fields;
}

function isPublish(fields: object): fields is PublishOperation {
  const op = fields as Readonly<Record<keyof PublishOperation, unknown>>;
  return (
    op.type === 'publish' &&
    typeof op.name === 'string' &&
    isPackageName(op.name) &&
    isVersion(op.version) &&
    typeof op.digest === 'string' &&
    isDigest(op.digest) &&
    isCount(op.size) &&
    Array.isArray(op.files) &&
    op.files.every(isListedFile) &&
    isObject(op.manifest) &&
    (op.tag === undefined || typeof op.tag === 'string') &&
    isCount(op.factsVersion)
  );
}

/** The names of sections in a publish that are names of sections; none where whoever published did not look. */
export function readableSections({ sections }: PublishOperation): string[] {
  if (!Array.isArray(sections)) return [];
  const names = sections.filter((name) => typeof name === 'string' && /^[a-z0-9_./]{1,32}$/.test(name));
  return names.slice(0, ENTRY_LIMITS.sections);
}

/** The facts in a publish, as they were packed, and their digest; nothing where whoever published did not look. */
export function readableFacts({ factsVersion, factsDigest, facts }: PublishOperation): FactFields {
  if (factsVersion === 0 || typeof factsDigest !== 'string' || !isDigest(factsDigest)) return NO_FACTS;
  const isPacked = typeof facts === 'string' && facts.length <= ENTRY_LIMITS.factsLength;
  return { factsDigest, facts: isPacked ? facts : undefined };
}

/** The signed statements in a publish as JSON; nothing where whoever published signed nothing, or something that is none. */
export function readableBundles({ bundles }: PublishOperation): string | undefined {
  if (!Array.isArray(bundles) || bundles.length === 0 || bundles.length > ENTRY_LIMITS.bundles) return undefined;
  const text = JSON.stringify(bundles);
  return text.length <= ENTRY_LIMITS.bundlesLength && bundles.every(isBundle) ? text : undefined;
}

function isBundle(value: unknown): boolean {
  try {
    openBundle(value);
    return true;
  } catch (error) {
    if (error instanceof EbpmError) return false;
    throw error;
  }
}

type FactFields = Pick<VersionContent, 'factsDigest' | 'facts'>;

const NO_FACTS: FactFields = { factsDigest: undefined, facts: undefined };

function isActing({ by, as, visibility }: Readonly<Record<string, unknown>>): boolean {
  if (visibility !== undefined && visibility !== 'public' && visibility !== 'private') return false;
  return as === undefined ? isUserId(by) : isOwnerId(as) && (isUserId(by) || isTrustId(by));
}

function isListedFile(value: unknown): value is ListedFile {
  if (!isObject(value)) return false;
  const { path, size, sha256 } = value;
  return typeof path === 'string' && path !== '' && isCount(size) && isHash(sha256);
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
