import { type Digest, EbpmError, JsonTextError, parseJsonText } from '@ebpm/formats';
import { type ApprovalFile, approvalFileKind, validate } from '@ebpm/schemas';
import { MAX_APPROVAL_BYTES } from '../limits.js';
import { readRegularFile } from '../read-regular-file.js';
import { refuseWrittenByOthers } from '../safe-file.js';
import { StorePaths } from '../store-paths.js';
import { writeFileAtomically } from '../write-file-atomically.js';
import { writing } from '../writing.js';

/** What is kept of an answer. */
export interface KeptApproval {
  /** Undefined where nobody has agreed to anything, or what is there cannot be used. */
  readonly approval: ApprovalFile | undefined;
  /** Why what is there counts for nothing. */
  readonly problem?: string;
}

/**
 * What somebody has agreed to for an object. Only a file counts that one of `owners` has, and that nobody else can write into: it decides what runs,
 * maybe as root.
 */
export async function readApproval(home: string, object: Digest, owners: readonly number[]): Promise<KeptApproval> {
  const path = new StorePaths(home).approval(object);
  try {
    const bytes = await readRegularFile(path, MAX_APPROVAL_BYTES, (stat) => refuseWrittenByOthers(stat, owners));
    return { approval: bytes === undefined ? undefined : parseApproval(bytes, object) };
  } catch (cause) {
    const reason = cause instanceof JsonTextError ? 'it is not JSON' : cause instanceof Error ? cause.message : cause;
    return { approval: undefined, problem: `Ignores "${path}": ${reason}` };
  }
}

/** Keeps what somebody has agreed to; instead of what was kept before. @throws EBPM_STORE_UNWRITABLE */
export async function writeApproval(home: string, approval: ApprovalFile): Promise<void> {
  const path = new StorePaths(home).approval(approval.object as Digest);
  const text = `${JSON.stringify(approval, null, 2)}\n`;
  if (text.length > MAX_APPROVAL_BYTES) throw tooLarge(path);
  await writing(() => writeFileAtomically(path, text));
}

/** What an approval file holds. @throws Error with what is wrong with it */
export function parseApproval(bytes: Uint8Array, object?: string): ApprovalFile {
  const checked = validate(approvalFileKind, parseJsonText(bytes, { uniqueKeys: true }));
  if (!checked.ok) {
    const [problem = { path: '', message: 'is no approval' }] = checked.problems;
    throw new Error(`${problem.path === '' ? 'it' : problem.path} ${problem.message}`);
  }
  if (object !== undefined && checked.value.object !== object) throw new Error('it is of another object');
  return checked.value;
}

function tooLarge(path: string): EbpmError {
  return new EbpmError(
    'EBPM_STORE_UNWRITABLE',
    `Cannot write "${path}": it would have more than ${MAX_APPROVAL_BYTES} bytes`,
  );
}
