import type { FoldContext } from '../fold/operation-place.js';
import { isTrustId } from '../fold/principal.js';
import { type FoldVerdict, type Refusal, refused } from '../fold/verdict.js';
import type { AccountDraft } from './account-draft.js';
import type { AccountOperation, TokenOperation } from './account-operation.js';
import type { AccountView, UserState } from './account-state.js';

type Of<Type extends AccountOperation['type']> = Extract<AccountOperation, { readonly type: Type }>;

const ACCEPTED = { kind: 'accepted' } as const;

/** A user comes once. Who was erased does not come back. */
export function foldUser(draft: AccountDraft, { id }: Of<'user'>, { at, time }: FoldContext): FoldVerdict {
  const same = draft.user(id);
  if (same !== undefined) return { kind: 'repeated', at: same.at };
  draft.putUser({ id, at, createdAt: time, erasedAt: undefined });
  return ACCEPTED;
}

/** A token belongs to a user who is there, or to a trusted publisher that still is one. */
export function foldToken(draft: AccountDraft, op: TokenOperation, { at, time, rules }: FoldContext): FoldVerdict {
  const { id, hash, user, expires: expiresAt, allow, names, from } = op;
  const isTrusted = rules >= 2 && isTrustId(user);
  const nobody = isTrusted ? trustRefusal(draft, user) : userRefusal(draft, user, 'create a token');
  if (nobody !== undefined) return nobody;
  const same = draft.token(id) ?? draft.tokenByHash(hash);
  if (same !== undefined) return { kind: 'repeated', at: same.at };
  draft.putToken({ id, at, hash, user, createdAt: time, expiresAt, revoked: false, allow, names, from });
  return ACCEPTED;
}

/** A token that ended never begins again. */
export function foldRevoke(draft: AccountDraft, op: Of<'revoke'>, { at }: FoldContext): FoldVerdict {
  const token = draft.token(op.token);
  if (token === undefined) {
    return refused('EBPM_TOKEN_NOT_FOUND', `Cannot revoke "${op.token}": no token has this id`);
  }
  if (token.revoked) return { kind: 'repeated', at: token.at };
  draft.putToken({ ...token, at, revoked: true });
  return ACCEPTED;
}

/** A user is gone: all tokens end, and no organisation has him. The id stays, since packages name it. */
export function foldErase(draft: AccountDraft, op: Of<'erase'>, { at, time }: FoldContext): FoldVerdict {
  const user = draft.user(op.user);
  if (user === undefined) return refused('EBPM_USER_NOT_FOUND', `Cannot erase "${op.user}": no user has this id`);
  if (user.erasedAt !== undefined) return { kind: 'repeated', at: user.at };
  draft.putUser({ ...user, at, erasedAt: time });
  for (const token of draft.tokensOf(op.user)) if (!token.revoked) draft.putToken({ ...token, at, revoked: true });
  for (const member of draft.records('membership', `${op.user}/`)) removeMember(draft, member);
  return ACCEPTED;
}

/** Takes a user out of an organisation and its teams. */
export function removeMember(
  draft: AccountDraft,
  { organisation, user }: { readonly organisation: string; readonly user: string },
): void {
  const member = draft.record('member', `${organisation}/${user}`);
  if (member !== undefined) draft.removeRecord('member', member);
  for (const state of draft.records('team-of', `${organisation}/${user}/`)) draft.removeRecord('team-member', state);
}

/** Why nothing can be done for the user: there is none, or he was erased. `what` reads on from "Cannot". */
export function userRefusal(view: AccountView, id: string, what: string): Refusal | undefined {
  const user: UserState | undefined = view.user(id);
  if (user !== undefined && user.erasedAt === undefined) return undefined;
  return refused('EBPM_USER_NOT_FOUND', `Cannot ${what}: no user has the id "${id}"`);
}

function trustRefusal(view: AccountView, id: string): Refusal | undefined {
  if (view.record('trust', id) !== undefined) return undefined;
  return refused('EBPM_TRUST_NOT_FOUND', `Cannot create a token: no trusted publisher has the id "${id}"`);
}
