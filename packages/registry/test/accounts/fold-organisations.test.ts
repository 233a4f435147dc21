import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { AccountDraft } from '../../src/accounts/account-draft.js';
import { foldAccountOperation } from '../../src/accounts/fold-accounts.js';
import { AccountIndex } from '../../src/index/account-index.js';
import { openDatabase } from '../../src/index/open-database.js';
import { type JsonValue, type Op, RULES } from '../../src/log/op.js';

const ORG = `o_${'1'.repeat(32)}`;
const ANN = `u_${'1'.repeat(32)}`;
const BEN = `u_${'2'.repeat(32)}`;
const JOB = `c_${'3'.repeat(32)}`;
const HASH = 'a'.repeat(64);

const databases: ReturnType<typeof openDatabase>[] = [];
afterEach(() => {
  for (const database of databases.splice(0)) database.close();
});

function op(type: string, fields: Readonly<Record<string, JsonValue>>): Op {
  return { type, salt: '0'.repeat(32), by: 'operator', auth: 0, ...fields };
}

const org = (fields: Readonly<Record<string, JsonValue>> = {}) =>
  op('organisation', { id: ORG, name: 'acme', admin: ANN, ...fields });
const member = (user: string, role: string) => op('member', { organisation: ORG, user, role });
const team = (action: string) => op('team', { organisation: ORG, team: 'core', action });
const teamMember = (user: string, action: string) =>
  op('team-member', { organisation: ORG, team: 'core', user, action });
const grant = (pattern: string, level: string) => op('grant', { organisation: ORG, team: 'core', pattern, level });
const trust = (fields: Readonly<Record<string, JsonValue>> = {}) =>
  op('trust', { action: 'add', id: JOB, package: 'x', issuer: 'https://ci.example', claims: { sub: 'a' }, ...fields });

const BASE = [op('user', { id: ANN }), op('user', { id: BEN }), org()];

/** Folds in drafts of the given size, each written before the next; the verdicts and the tables. */
function folded(ops: readonly Op[], size = ops.length) {
  const database = openDatabase(undefined);
  databases.push(database);
  const index = new AccountIndex(database);
  const verdicts: unknown[] = [];
  for (let first = 0; first < ops.length; first += Math.max(size, 1)) {
    const draft = new AccountDraft(index);
    ops.slice(first, first + size).forEach((one, i) => {
      const at = { seq: first + i + 2, index: 0 };
      verdicts.push(foldAccountOperation(draft, one, { at, time: '2026-01-01T00:00:00.000Z', rules: RULES }));
    });
    index.write(draft);
  }
  const rows = (table: string) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all();
  return { index, verdicts, tables: ['users', 'tokens', 'account_records'].map(rows) };
}

describe('foldAccountOperation() of organisations', () => {
  it.each<[string, Op[]]>([
    ['EBPM_USER_EXISTS', [org({ id: `o_${'9'.repeat(32)}` })]],
    ['EBPM_USER_NOT_FOUND', [org({ id: `o_${'9'.repeat(32)}`, name: 'x', admin: `u_${'9'.repeat(32)}` })]],
    ['EBPM_USER_NOT_FOUND', [member(`u_${'9'.repeat(32)}`, 'member')]],
    ['EBPM_ORGANISATION_NOT_FOUND', [op('member', { organisation: `o_${'9'.repeat(32)}`, user: BEN, role: 'admin' })]],
    ['EBPM_LAST_OWNER', [member(ANN, 'member')]],
    ['EBPM_LAST_OWNER', [member(ANN, 'none')]],
    ['EBPM_TEAM_NOT_FOUND', [team('remove')]],
    ['EBPM_TEAM_NOT_FOUND', [grant('x', 'read')]],
    ['EBPM_TEAM_NOT_FOUND', [teamMember(BEN, 'add')]],
    ['EBPM_NOT_A_MEMBER', [team('create'), teamMember(BEN, 'add')]],
    ['EBPM_TRUST_NOT_FOUND', [trust({ action: 'remove' })]],
    ['EBPM_TRUST_NOT_FOUND', [op('token', { id: `t_${'1'.repeat(16)}`, hash: HASH, user: JOB })]],
    [
      'EBPM_USER_NOT_FOUND',
      [op('erase', { user: BEN }), op('token', { id: `t_${'1'.repeat(16)}`, hash: HASH, user: BEN })],
    ],
  ])('refuses with %s what is asked for last (case %#)', (code, ops) => {
    expect(folded([...BASE, ...ops]).verdicts.at(-1)).toMatchObject({ kind: 'refused', code });
  });

  it('takes a member who leaves, or is erased, out of all teams', () => {
    const joined = [...BASE, member(BEN, 'member'), team('create'), teamMember(BEN, 'add'), grant('@acme/*', 'write')];
    expect(folded(joined).index.records('team-of', `${ORG}/${BEN}/`)).toHaveLength(1);
    for (const leaving of [member(BEN, 'none'), op('erase', { user: BEN }), team('remove')]) {
      const { index } = folded([...joined, leaving]);
      expect(index.records('team-of', `${ORG}/${BEN}/`)).toEqual([]);
      expect(index.records('team-member', `${ORG}/core/`)).toEqual([]);
    }
  });

  it('ends the tokens of a trusted publisher with it', () => {
    const token = op('token', { id: `t_${'1'.repeat(16)}`, hash: HASH, user: JOB, allow: ['publish'], names: ['x'] });
    const { index } = folded([...BASE, trust(), token, trust({ action: 'remove' })]);
    expect(index.token(`t_${'1'.repeat(16)}`)).toMatchObject({ revoked: true, allow: ['publish'], names: ['x'] });
    expect(index.records('package-trust', 'x/')).toEqual([]);
  });

  it.each<[string, Op]>([
    ['a power that there is not', op('token', { id: `t_${'1'.repeat(16)}`, hash: HASH, user: ANN, allow: ['fly'] })],
    ['a limit without anything', op('token', { id: `t_${'1'.repeat(16)}`, hash: HASH, user: ANN, names: [] })],
    [
      'a network that is none',
      op('token', { id: `t_${'1'.repeat(16)}`, hash: HASH, user: ANN, from: ['10.0.0.0/33'] }),
    ],
    ['a pattern that is none', grant('**', 'read')],
    ['a level that there is not', grant('x', 'owner')],
    ['a trust without claims', trust({ claims: {} })],
    ['an issuer that is no URL', trust({ issuer: 'ci' })],
    ['a name that is none', org({ name: 'Acme' })],
  ])('does not know %s', (_what, one) => {
    expect(folded([...BASE, team('create'), one]).verdicts.at(-1)).toEqual({ kind: 'unknown' });
  });

  it('comes to the same tables in one draft and in many', () => {
    const anyOp = fc.oneof(
      fc.tuple(fc.constantFrom(ANN, BEN), fc.constantFrom('admin', 'member', 'none')).map((of) => member(...of)),
      fc.constantFrom('create', 'remove').map(team),
      fc.tuple(fc.constantFrom(ANN, BEN), fc.constantFrom('add', 'remove')).map((of) => teamMember(...of)),
      fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('read', 'admin', 'none')).map((of) => grant(...of)),
      fc.constantFrom('add', 'remove').map((action) => trust({ action })),
      fc.boolean().map((otp) => op('policy', { package: 'x', otp, trustedOnly: false })),
      fc.constantFrom(BEN, JOB).map((user) => op('token', { id: `t_${'1'.repeat(16)}`, hash: HASH, user })),
      fc.constant(op('erase', { user: BEN })),
    );
    fc.assert(
      fc.property(fc.array(anyOp, { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (ops, size) => {
        const whole = folded([...BASE, ...ops]);
        const parts = folded([...BASE, ...ops], size);
        expect(parts.verdicts).toEqual(whole.verdicts);
        expect(parts.tables).toEqual(whole.tables);
      }),
      { numRuns: 30 },
    );
  });
});
