import type { OperationPlace } from '../fold/operation-place.js';

/** What members of an organisation are to it: admins may do everything with it and its packages, members what their teams may. */
export type Role = 'admin' | 'member';

/** What a team may do with packages: read private ones, also publish, yank and tag, or everything. */
export const LEVELS = ['read', 'write', 'admin'] as const;
export type Level = (typeof LEVELS)[number];

/** A name and a scope that several users share. */
export interface OrganisationState {
  /** `o_<32 hex>`. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly at: OperationPlace;
}

/** A user in an organisation. */
export interface MemberState {
  readonly organisation: string;
  readonly user: string;
  readonly role: Role;
  readonly at: OperationPlace;
}

/** Some members of an organisation, who have rights together. */
export interface TeamState {
  readonly organisation: string;
  readonly team: string;
  readonly at: OperationPlace;
}

/** A member in a team. */
export interface TeamMemberState extends TeamState {
  readonly user: string;
}

/** What a team may do with the packages of its organisation whose names match. */
export interface GrantState extends TeamState {
  readonly pattern: string;
  readonly level: Level;
}

/** How a package may be published. */
export interface PolicyState {
  readonly package: string;
  /** People publish with a one-time code. */
  readonly otp: boolean;
  /** Only trusted publishers publish. */
  readonly trustedOnly: boolean;
  readonly at: OperationPlace;
}

/** A job of a CI service that may publish a package: whoever shows a token of this issuer with these claims. */
export interface TrustState {
  /** `c_<32 hex>`. */
  readonly id: string;
  readonly package: string;
  readonly issuer: string;
  readonly claims: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly at: OperationPlace;
}

/** All that accounts know besides users and tokens, by kind; `recordKey` says under which key. */
export interface AccountRecords {
  readonly organisation: OrganisationState;
  readonly 'organisation-name': OrganisationState;
  readonly member: MemberState;
  /** The same as `member`, by user. */
  readonly membership: MemberState;
  readonly team: TeamState;
  readonly 'team-member': TeamMemberState;
  /** The same as `team-member`, by user. */
  readonly 'team-of': TeamMemberState;
  readonly grant: GrantState;
  readonly policy: PolicyState;
  readonly trust: TrustState;
  /** The same as `trust`, by package. */
  readonly 'package-trust': TrustState;
}

export type RecordKind = keyof AccountRecords;

/** The key of each kind of record. Only the last part of a key may contain "/". */
export const RECORD_KEYS: { readonly [Kind in RecordKind]: (state: AccountRecords[Kind]) => string } = {
  organisation: ({ id }) => id,
  'organisation-name': ({ name }) => name,
  member: ({ organisation, user }) => `${organisation}/${user}`,
  membership: ({ organisation, user }) => `${user}/${organisation}`,
  team: ({ organisation, team }) => `${organisation}/${team}`,
  'team-member': ({ organisation, team, user }) => `${organisation}/${team}/${user}`,
  'team-of': ({ organisation, team, user }) => `${organisation}/${user}/${team}`,
  grant: ({ organisation, team, pattern }) => `${organisation}/${team}/${pattern}`,
  policy: (state) => state.package,
  trust: ({ id }) => id,
  'package-trust': (state) => `${state.package}/${state.id}`,
};

/** Kinds of records that are the same state under another key. */
export const TWINS = {
  organisation: 'organisation-name',
  member: 'membership',
  'team-member': 'team-of',
  trust: 'package-trust',
} as const satisfies Partial<Record<RecordKind, RecordKind>>;

/** A record that is put, or with `state` undefined removed. */
export interface RecordChange {
  readonly kind: RecordKind;
  readonly key: string;
  readonly state: AccountRecords[RecordKind] | undefined;
}
