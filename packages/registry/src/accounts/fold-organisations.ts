import type { FoldContext } from '../fold/operation-place.js';
import { type FoldVerdict, type Refusal, refused } from '../fold/verdict.js';
import { ACCOUNT_LIMITS } from '../limits.js';
import type { AccountDraft } from './account-draft.js';
import type { AccountOperation } from './account-operation.js';
import type { AccountRecords, RecordKind } from './account-records.js';
import { removeMember, userRefusal } from './fold-users.js';

type Of<Type extends AccountOperation['type']> = Extract<AccountOperation, { readonly type: Type }>;

const ACCEPTED = { kind: 'accepted' } as const;

/** An organisation has its name for ever; whoever it is made for is its first admin. */
export function foldOrganisation(draft: AccountDraft, op: Of<'organisation'>, { at, time }: FoldContext): FoldVerdict {
  const { id, name, admin } = op;
  const same = draft.record('organisation', id);
  if (same !== undefined) return { kind: 'repeated', at: same.at };
  const nobody = userRefusal(draft, admin, `add the organisation "${name}"`);
  if (nobody !== undefined) return nobody;
  if (draft.record('organisation-name', name) !== undefined) {
    return refused('EBPM_USER_EXISTS', `Cannot add the organisation "${name}": somebody has this name`);
  }
  draft.putRecord('organisation', { id, name, createdAt: time, at });
  draft.putRecord('member', { organisation: id, user: admin, role: 'admin', at });
  return ACCEPTED;
}

/** Who belongs to an organisation. It always has an admin. */
export function foldMember(draft: AccountDraft, op: Of<'member'>, { at }: FoldContext): FoldVerdict {
  const { organisation, user, role } = op;
  const what = 'change the members of the organisation';
  const refusal = organisationRefusal(draft, organisation, what) ?? userRefusal(draft, user, what);
  if (refusal !== undefined) return refusal;
  const member = draft.record('member', `${organisation}/${user}`);
  if ((member?.role ?? 'none') === role) return { kind: 'repeated', at: member?.at ?? lastChange(draft, organisation) };
  if (member === undefined) {
    const full = countRefusal(draft, 'member', `${organisation}/`, ACCOUNT_LIMITS.members, what);
    if (full !== undefined) return full;
  }
  if (member?.role === 'admin' && countAdmins(draft, organisation) === 1) {
    const hint = 'make somebody else an admin first';
    return refused('EBPM_LAST_OWNER', `Cannot ${what}: nobody would be its admin`, { hint });
  }
  if (role === 'none') removeMember(draft, op);
  else draft.putRecord('member', { organisation, user, role, at });
  return ACCEPTED;
}

/** A team comes and goes with its members and its rights. */
export function foldTeam(draft: AccountDraft, op: Of<'team'>, { at }: FoldContext): FoldVerdict {
  const { organisation, team, action } = op;
  const what = `${action} the team "${team}"`;
  const refusal = organisationRefusal(draft, organisation, what);
  if (refusal !== undefined) return refusal;
  const state = draft.record('team', `${organisation}/${team}`);
  if (action === 'create') {
    if (state !== undefined) return { kind: 'repeated', at: state.at };
    const full = countRefusal(draft, 'team', `${organisation}/`, ACCOUNT_LIMITS.teams, what);
    if (full !== undefined) return full;
    draft.putRecord('team', { organisation, team, at });
    return ACCEPTED;
  }
  if (state === undefined) return teamRefusal(team, what);
  draft.removeRecord('team', state);
  for (const member of draft.records('team-member', `${organisation}/${team}/`)) {
    draft.removeRecord('team-member', member);
  }
  for (const grant of draft.records('grant', `${organisation}/${team}/`)) draft.removeRecord('grant', grant);
  return ACCEPTED;
}

/** Only members of the organisation are in its teams. */
export function foldTeamMember(draft: AccountDraft, op: Of<'team-member'>, { at }: FoldContext): FoldVerdict {
  const { organisation, team, user, action } = op;
  const what = `change the members of the team "${team}"`;
  const state = draft.record('team', `${organisation}/${team}`);
  if (state === undefined) return teamRefusal(team, what);
  const member = draft.record('team-member', `${organisation}/${team}/${user}`);
  if (action === 'add') {
    if (member !== undefined) return { kind: 'repeated', at: member.at };
    if (draft.record('member', `${organisation}/${user}`) === undefined) {
      const hint = 'make him a member of the organisation first';
      return refused('EBPM_NOT_A_MEMBER', `Cannot ${what}: the user is no member of the organisation`, { hint });
    }
    draft.putRecord('team-member', { organisation, team, user, at });
    return ACCEPTED;
  }
  if (member === undefined) return { kind: 'repeated', at: state.at };
  draft.removeRecord('team-member', member);
  return ACCEPTED;
}

/** What a team may do. */
export function foldGrant(draft: AccountDraft, op: Of<'grant'>, { at }: FoldContext): FoldVerdict {
  const { organisation, team, pattern, level } = op;
  const what = `change what the team "${team}" may do`;
  const state = draft.record('team', `${organisation}/${team}`);
  if (state === undefined) return teamRefusal(team, what);
  const grant = draft.record('grant', `${organisation}/${team}/${pattern}`);
  if ((grant?.level ?? 'none') === level) return { kind: 'repeated', at: grant?.at ?? state.at };
  if (level === 'none') {
    if (grant !== undefined) draft.removeRecord('grant', grant);
    return ACCEPTED;
  }
  const full =
    grant === undefined
      ? countRefusal(draft, 'grant', `${organisation}/${team}/`, ACCOUNT_LIMITS.grants, what)
      : undefined;
  if (full !== undefined) return full;
  draft.putRecord('grant', { organisation, team, pattern, level, at });
  return ACCEPTED;
}

function countAdmins(draft: AccountDraft, organisation: string): number {
  return draft.records('member', `${organisation}/`).filter(({ role }) => role === 'admin').length;
}

function lastChange(draft: AccountDraft, organisation: string): FoldContext['at'] {
  return draft.record('organisation', organisation)?.at ?? { seq: 0, index: 0 };
}

function organisationRefusal(draft: AccountDraft, id: string, what: string): Refusal | undefined {
  if (draft.record('organisation', id) !== undefined) return undefined;
  return refused('EBPM_ORGANISATION_NOT_FOUND', `Cannot ${what}: no organisation has the id "${id}"`);
}

function teamRefusal(team: string, what: string): Refusal {
  return refused('EBPM_TEAM_NOT_FOUND', `Cannot ${what}: the organisation has no team "${team}"`);
}

function countRefusal<Kind extends RecordKind & keyof AccountRecords>(
  draft: AccountDraft,
  kind: Kind,
  prefix: string,
  most: number,
  what: string,
): Refusal | undefined {
  if (draft.records(kind, prefix).length < most) return undefined;
  return refused('EBPM_TOO_MANY', `Cannot ${what}: there are ${most} already`);
}
