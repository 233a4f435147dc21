import type { ApiChange } from '@ebpm/schemas';
import type { OperationPlace } from '../fold/operation-place.js';
import { type PackageOperation, parsePackageOperation } from '../fold/package-operation.js';
import type { Entry } from '../log/entry.js';
import { RULES } from '../log/op.js';

/** A change and where it stands. */
export interface Change {
  readonly at: OperationPlace;
  readonly told: ApiChange;
}

/** The kinds of operations that are about one package, which everybody may hear of who may read it. */
const TOLD: ReadonlySet<string> = new Set([
  'publish',
  'yank',
  'unyank',
  'deprecate',
  'tag',
  'owner',
  'visibility',
  'takedown',
]);

/** What an entry changed. @param isVoid whether the operation at an index was without effect */
export function changesOf({ seq, time, ops }: Entry, isVoid: (index: number) => boolean): Change[] {
  return ops.flatMap(({ index, op }) => {
    if (op === undefined || !TOLD.has(op.type) || isVoid(index)) return [];
    const operation = parsePackageOperation(op, RULES);
    const fields = operation && fieldsOf(operation);
    if (fields === undefined) return [];
    const at = { seq, index };
    return [{ at, told: { id: formatPlace(at), type: op.type, ...fields, time } }];
  });
}

type ChangeFields = Pick<ApiChange, 'name'> &
  Partial<Pick<ApiChange, 'version' | 'digest' | 'tag' | 'message' | 'visibility'>>;

/** What is told of an operation: never who did it, and never ids of users. */
function fieldsOf(op: PackageOperation): ChangeFields | undefined {
  switch (op.type) {
    case 'publish':
      return { name: op.name, version: op.version, digest: op.digest, ...(op.tag !== undefined && { tag: op.tag }) };
    case 'yank':
    case 'unyank':
      return { name: op.name, version: op.version, ...(op.reason !== undefined && { message: op.reason }) };
    case 'deprecate':
      return { name: op.name, ...versionOf(op), message: op.message };
    case 'tag':
      return { name: op.name, tag: op.tag, ...versionOf(op) };
    case 'owner':
      return { name: op.name };
    case 'visibility':
      return { name: op.name, visibility: op.visibility };
    case 'takedown':
      return { name: op.name, ...versionOf(op), message: op.reason };
    default:
      return undefined;
  }
}

function versionOf({ version }: { readonly version?: string }): { version?: string } {
  return version === undefined ? {} : { version };
}

/** A place as text: `7-0`. */
export function formatPlace({ seq, index }: OperationPlace): string {
  return `${seq}-${index}`;
}

/** A place from text; `7` is after all of entry 7. */
export function parsePlace(text: string): OperationPlace {
  const [seq, index = LAST_INDEX] = text.split('-');
  return { seq: Number(seq), index: Number(index) };
}

/** No entry has so many operations. */
export const LAST_INDEX = 999;

/** Whether the first place comes later in the log. */
export function isAfter(a: OperationPlace, b: OperationPlace): boolean {
  return a.seq > b.seq || (a.seq === b.seq && a.index > b.index);
}
