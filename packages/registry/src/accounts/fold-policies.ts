import { isDeepStrictEqual } from 'node:util';
import type { FoldContext } from '../fold/operation-place.js';
import { type FoldVerdict, refused } from '../fold/verdict.js';
import { ACCOUNT_LIMITS } from '../limits.js';
import type { AccountDraft } from './account-draft.js';
import type { AccountOperation } from './account-operation.js';

type Of<Type extends AccountOperation['type']> = Extract<AccountOperation, { readonly type: Type }>;

const ACCEPTED = { kind: 'accepted' } as const;

/** How a package may be published from now on. */
export function foldPolicy(draft: AccountDraft, op: Of<'policy'>, { at }: FoldContext): FoldVerdict {
  const { package: name, otp, trustedOnly } = op;
  const before = draft.record('policy', name);
  if (before?.otp === otp && before.trustedOnly === trustedOnly) return { kind: 'repeated', at: before.at };
  draft.putRecord('policy', { package: name, otp, trustedOnly, at });
  return ACCEPTED;
}

/** Who may publish a package from CI. A publisher that was removed comes back under another id. */
export function foldTrust(draft: AccountDraft, op: Of<'trust'>, { at, time }: FoldContext): FoldVerdict {
  const before = draft.record('trust', op.id);
  if (op.action === 'remove') {
    if (before === undefined) {
      return refused('EBPM_TRUST_NOT_FOUND', `Cannot remove "${op.id}": no trusted publisher has this id`);
    }
    draft.removeRecord('trust', before);
    for (const token of draft.tokensOf(op.id)) if (!token.revoked) draft.putToken({ ...token, at, revoked: true });
    return ACCEPTED;
  }
  const { id, package: name, issuer, claims } = op;
  const others = draft.records('package-trust', `${name}/`);
  const same = before ?? others.find((trust) => trust.issuer === issuer && isDeepStrictEqual(trust.claims, claims));
  if (same !== undefined) return { kind: 'repeated', at: same.at };
  if (others.length >= ACCOUNT_LIMITS.trusts) {
    const message = `Cannot trust another publisher of "${name}": it has ${ACCOUNT_LIMITS.trusts} already`;
    return refused('EBPM_TOO_MANY', message);
  }
  draft.putRecord('trust', { id, package: name, issuer, claims, createdAt: time, at });
  return ACCEPTED;
}
