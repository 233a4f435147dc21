import { EbpmError, isDigest, isPackageName, parseVersion } from '@ebpm/formats';
import type { Op } from '../log/op.js';
import type { ListedFile, VersionContent } from './package-state.js';
import { isUserId } from './user-id.js';

/** A publish, as it stands in the log, without what every operation has. Readers take it from `parsePublish`. */
export interface PublishOperation extends Omit<VersionContent, 'publisher'> {
  readonly type: 'publish';
  /** The opaque id of the user who publishes. */
  readonly by: string;
  /** The tag to set; without one `latest` moves when the version is the highest stable one. */
  readonly tag?: string;
}

/** The operation as a publish, or undefined when it is not one in every part. Fields that it does not know are let be. */
export function parsePublish(op: Op): PublishOperation | undefined {
  const fields: object = op;
  return isPublish(fields) ? fields : undefined;
}

function isPublish(fields: object): fields is PublishOperation {
  const op = fields as Readonly<Record<keyof PublishOperation, unknown>>;
  return (
    op.type === 'publish' &&
    typeof op.by === 'string' &&
    isUserId(op.by) &&
    typeof op.name === 'string' &&
    isPackageName(op.name) &&
    typeof op.version === 'string' &&
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

function isVersion(text: string): boolean {
  try {
    parseVersion(text);
    return true;
  } catch (error) {
    if (error instanceof EbpmError) return false;
    throw error;
  }
}

function isListedFile(value: unknown): value is ListedFile {
  return isObject(value) && matches(value.path, /./s) && isCount(value.size) && matches(value.sha256, /^[0-9a-f]{64}$/);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value);
}
