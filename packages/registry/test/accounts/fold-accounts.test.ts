import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountDraft } from '../../src/accounts/account-draft.js';
import type { AccountView } from '../../src/accounts/account-state.js';
import { foldAccountOperation } from '../../src/accounts/fold-accounts.js';
import { RULES } from '../../src/log/op.js';

const NOBODY: AccountView = {
  user: () => undefined,
  token: () => undefined,
  tokenByHash: () => undefined,
  tokensOf: () => [],
  record: () => undefined,
  records: () => [],
};
const id = `u_${'1'.repeat(32)}`;
const user = { type: 'user', id };
const token = { type: 'token', id: `t_${'1'.repeat(16)}`, hash: 'a'.repeat(64), user: id };
const revoke = { type: 'revoke', token: token.id };
const TIME = '2026-01-01T00:00:00.000Z';

function folded(...ops: readonly object[]) {
  const draft = new AccountDraft(NOBODY);
  const base = { salt: '0'.repeat(32), by: 'operator', auth: 0 };
  const verdicts = ops.map((op, i) =>
    foldAccountOperation(
      draft,
      { ...base, type: '', ...op },
      { at: { seq: i + 2, index: 0 }, time: TIME, rules: RULES },
    ),
  );
  return { draft, kinds: verdicts.map((verdict) => verdict?.kind), verdicts };
}

describe('foldAccountOperation()', () => {
  it('adds users and tokens and ends tokens', () => {
    const { draft, kinds } = folded(user, { ...token, expires: TIME }, revoke);
    expect(kinds).toEqual(['accepted', 'accepted', 'accepted']);
    expect(draft.tokenByHash(token.hash)).toEqual({
      id: token.id,
      at: { seq: 4, index: 0 },
      hash: token.hash,
      user: id,
      createdAt: TIME,
      expiresAt: TIME,
      revoked: true,
    });
  });

  it.each<[string, readonly object[], object]>([
    ['a user twice', [user, user], { kind: 'repeated', at: { seq: 2, index: 0 } }],
    ['a token twice', [user, token, token], { kind: 'repeated', at: { seq: 3, index: 0 } }],
    ['a hash twice', [user, token, { ...token, id: `t_${'2'.repeat(16)}` }], { kind: 'repeated' }],
    ['a token of nobody', [token], { kind: 'refused', code: 'EBPM_USER_NOT_FOUND' }],
    ['the end of no token', [revoke], { kind: 'refused', code: 'EBPM_TOKEN_NOT_FOUND' }],
    ['the end of a token twice', [user, token, revoke, revoke], { kind: 'repeated', at: { seq: 4, index: 0 } }],
    ['a time that is none', [user, { ...token, expires: '2026-01-01' }], { kind: 'unknown' }],
    ['another kind', [{ type: 'novelty' }], { kind: 'unknown' }],
  ])('leaves %s void', (_what, ops, verdict) => {
    const { draft, verdicts } = folded(...ops);
    expect(verdicts.at(-1)).toMatchObject(verdict);
    expect(draft.changes().voids).toHaveLength(1);
  });

  it('never brings a revoked token back', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(user, token, revoke)), (after) => {
        expect(folded(user, token, revoke, ...after).draft.token(token.id)?.revoked).toBe(true);
      }),
    );
  });

  it('is total: any JSON object is folded or void, never an error', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.oneof(fc.constantFrom('user', 'token', 'revoke'), fc.string()),
            fc.dictionary(fc.constantFrom('id', 'hash', 'user', 'token'), fc.jsonValue()),
          ),
        ),
        (ops) => {
          const { draft, kinds } = folded(...ops.map(([type, fields]) => ({ ...fields, type })));
          const accepted = kinds.filter((kind) => kind === 'accepted' || kind === undefined).length;
          expect(draft.changes().voids.length).toBe(ops.length - accepted);
        },
      ),
    );
  });
});
