import { type ApiGrantBody, type ApiMemberBody, type ApiOrganisation, apiOrganisationKind } from '@ebpm/schemas';
import { callPath, type RegistryCaller, type WithCode } from './registry-caller.js';

/** A member in a team of an organisation, by names. */
export interface TeamMember {
  readonly organisation: string;
  readonly team: string;
  readonly user: string;
}

/** What members of organisations see and admins change. Each rejects with what the registry answers. */
export class OrganisationClient {
  readonly #caller: RegistryCaller;

  constructor(caller: RegistryCaller) {
    this.#caller = caller;
  }

  /** Adds an organisation, of which whoever asks is the first admin. */
  create(name: string): Promise<ApiOrganisation> {
    const path = callPath('organisations');
    return this.#caller.answer(apiOrganisationKind, { method: 'POST', path, json: { name } });
  }

  /** An organisation with its members and teams. */
  organisation(name: string): Promise<ApiOrganisation> {
    return this.#caller.answer(apiOrganisationKind, { method: 'GET', path: callPath('organisations', name) });
  }

  /** Makes a user an admin or a member. */
  setMember(organisation: string, user: string, { role, otp }: ApiMemberBody & WithCode): Promise<void> {
    const path = callPath('organisations', organisation, 'members', user);
    return this.#caller.done({ method: 'PUT', path, json: { role }, otp });
  }

  /** Takes a user out of the organisation and its teams. */
  removeMember(organisation: string, user: string, { otp }: WithCode = {}): Promise<void> {
    const path = callPath('organisations', organisation, 'members', user);
    return this.#caller.done({ method: 'DELETE', path, otp });
  }

  /** Creates a team. */
  createTeam(organisation: string, team: string): Promise<void> {
    return this.#caller.done({ method: 'PUT', path: callPath('organisations', organisation, 'teams', team) });
  }

  /** Removes a team. */
  removeTeam(organisation: string, team: string): Promise<void> {
    return this.#caller.done({ method: 'DELETE', path: callPath('organisations', organisation, 'teams', team) });
  }

  /** Puts a member of the organisation into a team. */
  addTeamMember(member: TeamMember, { otp }: WithCode = {}): Promise<void> {
    return this.#caller.done({ method: 'PUT', path: teamMemberPath(member), otp });
  }

  /** Takes a member out of a team. */
  removeTeamMember(member: TeamMember): Promise<void> {
    return this.#caller.done({ method: 'DELETE', path: teamMemberPath(member) });
  }

  /** Says what a team may do with packages whose names match; `none` takes that back. */
  grant(organisation: string, team: string, { otp, ...json }: ApiGrantBody & WithCode): Promise<void> {
    const path = callPath('organisations', organisation, 'teams', team, 'grants');
    return this.#caller.done({ method: 'PUT', path, json, otp });
  }
}

function teamMemberPath({ organisation, team, user }: TeamMember): string {
  return callPath('organisations', organisation, 'teams', team, 'members', user);
}
