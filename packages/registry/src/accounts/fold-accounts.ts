import { type FoldContext, isOfTheLog } from '../fold/operation-place.js';
import { type FoldVerdict, type Refusal, UNKNOWN, voidReason } from '../fold/verdict.js';
import type { Op } from '../log/op.js';
import type { AccountDraft } from './account-draft.js';
import { type AccountOperation, parseAccountOperation } from './account-operation.js';

/**
 * Folds one operation of the accounts log into the draft. It is total, like `foldPackageOperation`.
 * @returns the verdict; undefined for an operation about the log itself
 */
export function foldAccountOperation(draft: AccountDraft, op: Op, context: FoldContext): FoldVerdict | undefined {
  const { at } = context;
  if (isOfTheLog(op, at)) return undefined;
  const operation = parseAccountOperation(op);
  const verdict = operation === undefined ? UNKNOWN : judgeAndPut(draft, operation, context);
  if (verdict.kind !== 'accepted') draft.putVoid({ at, reason: voidReason(verdict) });
  return verdict;
}

function judgeAndPut(draft: AccountDraft, operation: AccountOperation, { at, time }: FoldContext): FoldVerdict {
  switch (operation.type) {
    case 'user': {
      const same = draft.user(operation.id);
      if (same !== undefined) return { kind: 'repeated', at: same.at };
      draft.putUser({ id: operation.id, at, createdAt: time });
      return { kind: 'accepted' };
    }
    case 'token': {
      const { id, hash, user, expires: expiresAt } = operation;
      if (draft.user(user) === undefined) return userRefusal(user);
      const same = draft.token(id) ?? draft.tokenByHash(hash);
      if (same !== undefined) return { kind: 'repeated', at: same.at };
      draft.putToken({ id, at, hash, user, createdAt: time, expiresAt, revoked: false });
      return { kind: 'accepted' };
    }
    case 'revoke': {
      const token = draft.token(operation.token);
      if (token === undefined) return tokenRefusal(operation.token);
      if (token.revoked) return { kind: 'repeated', at: token.at };
      draft.putToken({ ...token, at, revoked: true });
      return { kind: 'accepted' };
    }
  }
}

function userRefusal(id: string): Refusal {
  return { kind: 'refused', code: 'EBPM_USER_NOT_FOUND', message: `Cannot create a token: no user has the id "${id}"` };
}

function tokenRefusal(id: string): Refusal {
  return { kind: 'refused', code: 'EBPM_TOKEN_NOT_FOUND', message: `Cannot revoke "${id}": no token has this id` };
}
