import type { Op } from '../log/op.js';
import { judgePublish } from './judge-publish.js';
import { isOfTheLog, type OperationPlace } from './operation-place.js';
import type { PackageDraft } from './package-draft.js';
import { parsePublish } from './publish-operation.js';
import { type FoldVerdict, UNKNOWN, voidReason } from './verdict.js';

/**
 * Folds one operation of the public log into the draft. It is total: what the rules forbid or do not know is recorded
 * as void and changes nothing else.
 * @param time of the entry, RFC 3339, UTC
 * @returns the verdict; undefined for an operation about the log itself
 */
export function foldPackageOperation(
  draft: PackageDraft,
  op: Op,
  at: OperationPlace,
  time: string,
): FoldVerdict | undefined {
  if (isOfTheLog(op, at)) return undefined;
  const publish = parsePublish(op);
  const verdict = publish === undefined ? UNKNOWN : judgePublish(draft, publish);
  if (verdict.kind === 'accepted') draft.put(verdict.package, { ...verdict.version, at, publishedAt: time });
  else draft.putVoid({ at, reason: voidReason(verdict) });
  return verdict;
}
