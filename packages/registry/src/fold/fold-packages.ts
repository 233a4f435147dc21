import type { Op } from '../log/op.js';
import { judgePackageOperation } from './judge-package-operation.js';
import { type FoldContext, isOfTheLog } from './operation-place.js';
import { putChange } from './package-change.js';
import type { PackageDraft } from './package-draft.js';
import { parsePackageOperation } from './package-operation.js';
import { type FoldVerdict, UNKNOWN, voidReason } from './verdict.js';

/**
 * Folds one operation of the public log into the draft. It is total: what the rules forbid or do not know is recorded
 * as void and changes nothing else.
 * @returns the verdict; undefined for an operation about the log itself
 */
export function foldPackageOperation(draft: PackageDraft, op: Op, context: FoldContext): FoldVerdict | undefined {
  const { at, rules } = context;
  if (isOfTheLog(op, at)) return undefined;
  const operation = parsePackageOperation(op, rules);
  const verdict = operation === undefined ? UNKNOWN : judgePackageOperation(draft, operation, context);
  if (verdict.kind === 'accepted') putChange(draft, verdict.change);
  else draft.putVoid({ at, reason: voidReason(verdict) });
  return verdict;
}
