import { EbpmError } from '@ebpm/formats';
import type { PackageState } from '../fold/package-state.js';
import type { PackageView } from '../fold/package-view.js';
import { isOrganisationId, isTrustId } from '../fold/principal.js';
import { LEVELS, type Level } from './account-records.js';
import type { AccountView } from './account-state.js';
import { matchesPattern } from './name-pattern.js';

/** What somebody may do with a package, and for which of its owners. */
export interface Right {
  readonly level: Level;
  /** The user himself, or an organisation. */
  readonly as: string;
}

/** Who may do what with packages, by both logs as they are folded. All of it is synchronous: nothing happens between answer and use. */
export class Rights {
  readonly #packages: PackageView;
  readonly #accounts: AccountView;

  constructor(packages: PackageView, accounts: AccountView) {
    this.#packages = packages;
    this.#accounts = accounts;
  }

  /** The most that a user or a trusted publisher may do with a package; undefined: nothing. */
  of(actor: string, { name, owners }: Pick<PackageState, 'name' | 'owners'>): Right | undefined {
    if (isTrustId(actor)) return this.#ofTrust(actor, name, owners);
    if (owners.includes(actor)) return { level: 'admin', as: actor };
    const rights = owners.flatMap((owner) => this.inOrganisation(actor, owner, name) ?? []);
    return rights.toSorted((a, b) => rank(b.level) - rank(a.level))[0];
  }

  /** What a user may do with packages of this name in an organisation, whether or not there is one. */
  inOrganisation(user: string, organisation: string, name: string): Right | undefined {
    if (!isOrganisationId(organisation)) return undefined;
    const member = this.#accounts.record('member', `${organisation}/${user}`);
    if (member === undefined) return undefined;
    if (member.role === 'admin') return { level: 'admin', as: organisation };
    const teams = this.#accounts.records('team-of', `${organisation}/${user}/`);
    const levels = teams
      .flatMap(({ team }) => this.#accounts.records('grant', `${organisation}/${team}/`))
      .filter(({ pattern }) => matchesPattern(pattern, name))
      .map(({ level }) => level);
    const level = levels.toSorted((a, b) => rank(b) - rank(a))[0];
    return level && { level, as: organisation };
  }

  /** Whether somebody may read a package: everybody a public one. `actor` is undefined for who sent no token. */
  canRead(actor: string | undefined, state: PackageState): boolean {
    return state.visibility === 'public' || (actor !== undefined && this.of(actor, state) !== undefined);
  }

  /**
   * What gives somebody the right to change a package at that level, or why nothing does. A package that he may not read is not
   * there for him.
   */
  change(actor: string, name: string, level: Level): Right | EbpmError {
    const state = this.#packages.package(name);
    if (state === undefined || !this.canRead(actor, state)) return packageNotFound(name);
    const right = this.of(actor, state);
    if (right !== undefined && isAtLeast(right.level, level)) return right;
    return notOwner(`Cannot change "${name}"`, level);
  }

  /** A job may publish the one package that trusts it, for whoever owns it first. */
  #ofTrust(actor: string, name: string, owners: readonly string[]): Right | undefined {
    const [as] = owners;
    const trust = this.#accounts.record('trust', actor);
    return trust?.package === name && as !== undefined ? { level: 'write', as } : undefined;
  }
}

/** Why somebody may not do what `action` says: the package is others', and no team of his has the level on it. */
export function notOwner(action: string, wanted: Level): EbpmError {
  return new EbpmError('EBPM_NOT_OWNER', `${action}: it belongs to others, and you have no right to "${wanted}" it`, {
    hint: 'ask one of its owners, or an admin of the organisation that owns it',
    data: { wanted },
  });
}

/** Whether the first level has all that the second one has. */
export function isAtLeast(level: Level, wanted: Level): boolean {
  return rank(level) >= rank(wanted);
}

function rank(level: Level): number {
  return LEVELS.indexOf(level);
}

/** There is no such package, as far as who asks can know. */
export function packageNotFound(name: string): EbpmError {
  return new EbpmError('EBPM_PACKAGE_NOT_FOUND', `Cannot find "${name}": the registry has no package of this name`);
}
