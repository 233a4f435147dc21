import { isDigest, isPackageName, isPublicKey, isTag, publisherKeyId } from '@ebpm/formats';
import { ENTRY_LIMITS } from '../limits-log.js';
import { type Op, rulesWith } from '../log/op.js';
import { isReason, isVersion } from './field-checks.js';
import type { Visibility } from './package-state.js';
import { isOwnerId, isUserId, OPERATOR, REGISTRY } from './principal.js';
import { type PublishOperation, parsePublish } from './publish-operation.js';

/** Who acts: a user, in his own name or `as` an owner that he may act for, or the operator. */
interface Acting {
  readonly by: string;
  readonly as?: string;
}

/** On a version: it is had only by its number, or again like others. */
export interface YankOperation extends Acting {
  readonly type: 'yank' | 'unyank';
  readonly name: string;
  readonly version: string;
  readonly reason?: string;
}

/** On a version, or on all of a package: nobody should use it any more. An empty message takes that back. */
export interface DeprecateOperation extends Acting {
  readonly type: 'deprecate';
  readonly name: string;
  readonly version?: string;
  readonly message: string;
}

/** Sets a tag, or without a version removes it. */
export interface TagOperation extends Acting {
  readonly type: 'tag';
  readonly name: string;
  readonly tag: string;
  readonly version?: string;
}

/** Adds or removes an owner. */
export interface OwnerOperation extends Acting {
  readonly type: 'owner';
  readonly name: string;
  readonly action: 'add' | 'remove';
  readonly owner: string;
}

/** Says who may read a package. */
export interface VisibilityOperation extends Acting {
  readonly type: 'visibility';
  readonly name: string;
  readonly visibility: Visibility;
}

/**
 * By the operator: the contents of a version, or of a whole package, are gone for ever and its numbers stay used. It says all
 * that must hold afterwards even where the publish itself was erased from the log.
 */
export interface TakedownOperation extends Acting {
  readonly type: 'takedown';
  readonly name: string;
  readonly reason: string;
  /** The version with its digest; without one it is the whole package. */
  readonly version?: string;
  readonly digest?: string;
  readonly owners: readonly string[];
  readonly visibility: Visibility;
}

/** Registers or revokes a key that its owner signs packages with. */
export type KeyOperation = Acting & { readonly type: 'key' } & (
    | {
        readonly action: 'register';
        readonly id: string;
        readonly publicKey: string;
        /** Read by `judgeKey`, since no rule looks at them. */
        readonly replaces?: unknown;
        readonly rotation?: unknown;
      }
    | { readonly action: 'revoke'; readonly id: string }
  );

/** By garbage collection: from here on nobody publishes these digests (condemn), until their bytes are gone (swept). */
export interface SweepOperation extends Acting {
  readonly type: 'condemn' | 'swept';
  readonly digests: readonly string[];
}

/** An operation of the public log, without what every operation has. */
export type PackageOperation =
  | PublishOperation
  | YankOperation
  | DeprecateOperation
  | TagOperation
  | OwnerOperation
  | VisibilityOperation
  | TakedownOperation
  | KeyOperation
  | SweepOperation;

/** The operation, or undefined when the rules know no such one. Fields that they do not know are let be. */
export function parsePackageOperation(op: Op, rules: number): PackageOperation | undefined {
  if ((rulesWith('log', op.type) ?? Number.POSITIVE_INFINITY) > rules) return undefined;
  const hasShape = SHAPES.get(op.type);
  if (hasShape === undefined) return parsePublish(op, rules);
  const fields: object = op;
  return hasShape(op) ? (fields as PackageOperation) : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const SHAPES: ReadonlyMap<string, (op: Fields) => boolean> = new Map([
  ['yank', (op: Fields) => isByOwner(op) && isOnVersion(op) && isOptional(op['reason'], isReason)],
  ['unyank', (op: Fields) => isByOwner(op) && isOnVersion(op)],
  ['deprecate', isDeprecate],
  ['tag', isTagChange],
  ['owner', isOwnerChange],
  ['visibility', (op: Fields) => isByOwner(op) && isName(op['name']) && isVisibility(op['visibility'])],
  ['takedown', isTakedown],
  ['key', (op: Fields) => isByOwner(op) && isKey(op)],
  ['condemn', isSweep],
  ['swept', isSweep],
]);

function isDeprecate(op: Fields): boolean {
  return isByOwner(op) && isName(op['name']) && isOptional(op['version'], isVersion) && isReason(op['message']);
}

function isTagChange(op: Fields): boolean {
  return isByOwner(op) && isName(op['name']) && isTagName(op['tag']) && isOptional(op['version'], isVersion);
}

function isOwnerChange(op: Fields): boolean {
  const { name, action, owner } = op;
  return isByOwner(op) && isName(name) && (action === 'add' || action === 'remove') && isOwnerId(owner);
}

function isTakedown(op: Fields): boolean {
  const { by, name, reason, version, digest, owners, visibility } = op;
  const isWhole = version === undefined && digest === undefined;
  return (
    by === OPERATOR &&
    isName(name) &&
    isReason(reason) &&
    (isWhole || (isVersion(version) && isDigestText(digest))) &&
    Array.isArray(owners) &&
    owners.length <= ENTRY_LIMITS.owners &&
    owners.every(isOwnerId) &&
    isVisibility(visibility)
  );
}

function isKey({ by, action, id, publicKey }: Fields): boolean {
  if (typeof id !== 'string') return false;
  if (action === 'revoke') return /^k_[0-9a-f]{32}$/.test(id);
  return action === 'register' && isUserId(by) && isPublicKey(publicKey) && id === publisherKeyId(publicKey);
}

function isSweep({ by, digests }: Fields): boolean {
  return (
    (by === OPERATOR || by === REGISTRY) &&
    Array.isArray(digests) &&
    digests.length > 0 &&
    digests.length <= ENTRY_LIMITS.digests &&
    digests.every(isDigestText) &&
    new Set(digests).size === digests.length
  );
}

function isByOwner({ by, as }: Fields): boolean {
  return (isUserId(by) || by === OPERATOR) && isOptional(as, isOwnerId);
}

function isOnVersion({ name, version }: Fields): boolean {
  return isName(name) && isVersion(version);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && isPackageName(value);
}

function isTagName(value: unknown): boolean {
  return typeof value === 'string' && isTag(value);
}

function isDigestText(value: unknown): boolean {
  return typeof value === 'string' && isDigest(value);
}

function isVisibility(value: unknown): boolean {
  return value === 'public' || value === 'private';
}

function isOptional(value: unknown, isIt: (value: unknown) => boolean): boolean {
  return value === undefined || isIt(value);
}
