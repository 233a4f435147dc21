import { type FoldContext, isOfTheLog } from '../fold/operation-place.js';
import { type FoldVerdict, UNKNOWN, voidReason } from '../fold/verdict.js';
import type { Op } from '../log/op.js';
import type { AccountDraft } from './account-draft.js';
import { type AccountOperation, parseAccountOperation } from './account-operation.js';
import { foldGrant, foldMember, foldOrganisation, foldTeam, foldTeamMember } from './fold-organisations.js';
import { foldPolicy, foldTrust } from './fold-policies.js';
import { foldErase, foldRevoke, foldToken, foldUser } from './fold-users.js';

/**
 * Folds one operation of the accounts log into the draft. It is total, like `foldPackageOperation`.
 * @returns the verdict; undefined for an operation about the log itself
 */
export function foldAccountOperation(draft: AccountDraft, op: Op, context: FoldContext): FoldVerdict | undefined {
  const { at, rules } = context;
  if (isOfTheLog(op, at)) return undefined;
  const operation = parseAccountOperation(op, rules);
  const verdict = operation === undefined ? UNKNOWN : judgeAndPut(draft, operation, context);
  if (verdict.kind !== 'accepted') draft.putVoid({ at, reason: voidReason(verdict) });
  return verdict;
}

function judgeAndPut(draft: AccountDraft, op: AccountOperation, context: FoldContext): FoldVerdict {
  switch (op.type) {
    case 'user':
      return foldUser(draft, op, context);
    case 'token':
      return foldToken(draft, op, context);
    case 'revoke':
      return foldRevoke(draft, op, context);
    case 'organisation':
      return foldOrganisation(draft, op, context);
    case 'member':
      return foldMember(draft, op, context);
    case 'team':
      return foldTeam(draft, op, context);
    case 'team-member':
      return foldTeamMember(draft, op, context);
    case 'grant':
      return foldGrant(draft, op, context);
    case 'policy':
      return foldPolicy(draft, op, context);
    case 'trust':
      return foldTrust(draft, op, context);
    case 'erase':
      return foldErase(draft, op, context);
  }
}
