import { EbpmError } from '@ebpm/formats';
import { MAX_RESOLVE_STEPS } from '../limits.js';
import { explainConflict, withheldText } from './explain-conflict.js';
import { type AskedBy, type Cause, type Incompatibility, resolvent } from './incompatibility.js';
import type { PackageSource, Requirement } from './package-source.js';
import { PartialSolution } from './partial-solution.js';
import { ABSENT, type Choice, VersionDomain } from './version-domain.js';

/**
 * Chooses one version for each package, the way PubGrub does (https://github.com/dart-lang/pub/blob/master/doc/solver.md), which is
 * conflict-driven clause learning over versions: what cannot be together is a list of incompatibilities; where all but one term of
 * one holds, the last cannot (propagation); where all hold, the two causes of the last step are joined into a new incompatibility,
 * until it says what to take back. What is learnt is never tried again, and a failure ends with its whole proof.
 *
 * Terms are sets of a package's versions and its absence (VersionDomain), so that they are exact for any kind of range.
 */
export class Solver {
  readonly #source: PackageSource;
  readonly #preferred: ReadonlyMap<string, string>;
  readonly #domains = new Map<string, VersionDomain>();
  /** Why nothing is offered of a package. */
  readonly #missing = new Map<string, string>();
  readonly #byPackage = new Map<string, Incompatibility[]>();
  /** What versions that were tried ask for, by name@version. */
  readonly #expanded = new Map<string, readonly Incompatibility[]>();
  readonly #solution = new PartialSolution();
  readonly #root: AskedBy | undefined;
  #steps = 0;

  /**
   * @param preferred versions that are taken before the highest, such as those of a lockfile
   * @param root the version of a package that all of it is for; default: whoever has typed the command asks himself
   */
  constructor(source: PackageSource, preferred: ReadonlyMap<string, string>, root?: AskedBy) {
    this.#source = source;
    this.#root = root;
    this.#preferred = preferred;
  }

  /**
   * The chosen version of every package that is needed.
   *
   * @throws EBPM_RESOLVE_CONFLICT, EBPM_RESOLVE_TOO_LARGE and what the source fails with
   */
  async solve(requirements: readonly Requirement[]): Promise<ReadonlyMap<string, string>> {
    for (const wish of await this.#wishes(undefined, requirements)) this.#learn(wish);
    this.#propagate(requirements.map(({ name }) => name));
    for (let name = this.#nextOpen(); name !== undefined; name = this.#nextOpen()) await this.#choose(name);
    return this.#solution.decisions;
  }

  /** The package with the fewest versions left, which is where a mistake shows first; the first by name of several. */
  #nextOpen(): string | undefined {
    const open = [...this.#solution.names]
      .filter((name) => !this.#solution.decisions.has(name) && (this.#left(name) & ABSENT) === 0n)
      .map((name) => ({ name, count: this.#domain(name).in(this.#left(name)).length }));
    open.sort((a, b) => a.count - b.count || (a.name < b.name ? -1 : 1));
    return open[0]?.name;
  }

  /** Decides on the best version that a package can still have, unless what that version needs is impossible already. */
  async #choose(name: string): Promise<void> {
    const candidates = this.#domain(name).in(this.#left(name));
    const preferred = this.#preferred.get(name) ?? '';
    const version = candidates.includes(preferred) ? preferred : (candidates.at(-1) as string);
    const needs = await this.#needs({ name, version });
    if (!needs.some((need) => this.#othersHold(need, name))) {
      this.#solution.decide(name, version, this.#domain(name).exactly(version));
    }
    this.#propagate([name]);
  }

  /** Learns once what a version asks for. */
  async #needs(by: AskedBy): Promise<readonly Incompatibility[]> {
    const id = `${by.name}@${by.version}`;
    const known = this.#expanded.get(id);
    if (known !== undefined) return known;
    const { requirements, refusal } = await this.#source.needs(by.name, by.version);
    const terms = new Map([[by.name, this.#domain(by.name).exactly(by.version)]]);
    const needs: readonly Incompatibility[] =
      refusal === undefined
        ? await this.#wishes(by, requirements)
        : [{ terms, cause: { kind: 'refused', by, reason: refusal } }];
    for (const need of needs) this.#learn(need);
    this.#expanded.set(id, needs);
    return needs;
  }

  async #wishes(by: AskedBy | undefined, requirements: readonly Requirement[]): Promise<readonly Incompatibility[]> {
    await Promise.all(requirements.map(({ name }) => this.#meet(name)));
    return requirements.flatMap((requirement) => this.#wish(by, requirement) ?? []);
  }

  /** That one who asks cannot be without what he asks for; undefined where he asks for himself, as he is. */
  #wish(by: AskedBy | undefined, requirement: Requirement): Incompatibility | undefined {
    const { name, wanted } = requirement;
    const domain = this.#domain(name);
    const allowed = domain.allowed(wanted);
    const missing = this.#missing.get(name) ?? (allowed === 0n ? withheldText(domain.withheld(wanted)) : undefined);
    const cause: Cause = { kind: 'asked', by, requirement, missing };
    const others = domain.all & ~allowed;
    const own = by === undefined ? undefined : this.#domain(by.name).exactly(by.version);
    if (by?.name === name)
      return ((own ?? 0n) & others) === 0n ? undefined : { terms: new Map([[name, own ?? 0n]]), cause };
    const terms = new Map(own === undefined || by === undefined ? [] : [[by.name, own]]);
    if (others !== domain.all) terms.set(name, others);
    return { terms, cause };
  }

  /** Draws every conclusion from what is new about some packages. */
  #propagate(names: readonly string[]): void {
    const changed = [...names];
    for (let name = changed.pop(); name !== undefined; name = changed.pop()) {
      // The newest first: what was learnt last says most.
      for (const incompatibility of [...(this.#byPackage.get(name) ?? [])].reverse()) {
        const open = this.#openTerms(incompatibility);
        if (open.length === 1) changed.push(this.#derive(incompatibility, open[0] as string));
        if (open.length > 0) continue;
        const learnt = this.#resolveConflict(incompatibility);
        changed.splice(0, Infinity, this.#derive(learnt, this.#openTerms(learnt)[0] as string));
        break;
      }
    }
  }

  /** The first two terms that do not hold yet; two of the same package where one can never hold. */
  #openTerms({ terms }: Incompatibility): readonly string[] {
    const open: string[] = [];
    for (const [name, set] of terms) {
      const left = this.#left(name);
      if ((left & ~set) === 0n) continue;
      if ((left & set) === 0n) return [name, name];
      open.push(name);
      if (open.length === 2) break;
    }
    return open;
  }

  #derive(incompatibility: Incompatibility, name: string): string {
    this.#countStep();
    const set = incompatibility.terms.get(name) ?? 0n;
    this.#solution.derive(name, this.#domain(name).all & ~set, incompatibility);
    return name;
  }

  /** Finds the reason why all terms of an incompatibility hold, and goes back to where that can be avoided. */
  #resolveConflict(conflict: Incompatibility): Incompatibility {
    for (let learnt = conflict; ; ) {
      this.#countStep();
      if (learnt.terms.size === 0) throw this.#conflict(learnt);
      const { name, level, cause, previousLevel } = this.#solution.satisfier(learnt);
      if (cause === undefined || previousLevel < level) {
        this.#solution.backtrack(previousLevel);
        if (learnt !== conflict) this.#learn(learnt);
        return learnt;
      }
      learnt = resolvent(learnt, cause, name, this.#domain(name).all);
    }
  }

  #learn(incompatibility: Incompatibility): void {
    if (incompatibility.terms.size === 0) throw this.#conflict(incompatibility);
    for (const name of incompatibility.terms.keys()) {
      const others = this.#byPackage.get(name);
      if (others === undefined) this.#byPackage.set(name, [incompatibility]);
      else others.push(incompatibility);
    }
  }

  #conflict(impossible: Incompatibility): EbpmError {
    const withheld = ({ name, wanted }: Requirement) => this.#domain(name).withheld(wanted);
    return explainConflict(impossible, { root: this.#root, withheld });
  }

  #othersHold({ terms }: Incompatibility, name: string): boolean {
    return [...terms].every(([other, set]) => other === name || (this.#left(other) & ~set) === 0n);
  }

  /** What a package can still be. */
  #left(name: string): Choice {
    return this.#solution.left(name) ?? this.#domain(name).all;
  }

  async #meet(name: string): Promise<void> {
    if (this.#domains.has(name)) return;
    const offered = await this.#source.offered(name);
    if (typeof offered === 'string') this.#missing.set(name, offered);
    this.#domains.set(name, new VersionDomain(typeof offered === 'string' ? { versions: [], tags: {} } : offered));
  }

  #domain(name: string): VersionDomain {
    const domain = this.#domains.get(name);
    if (domain === undefined) throw new TypeError(`nothing is known of ${name}`);
    return domain;
  }

  #countStep(): void {
    if (++this.#steps > MAX_RESOLVE_STEPS) {
      throw new EbpmError(
        'EBPM_RESOLVE_TOO_LARGE',
        `Cannot choose versions: there is no answer after ${MAX_RESOLVE_STEPS} steps`,
        {
          hint: 'Ask for narrower ranges, so that there is less to try',
        },
      );
    }
  }
}
