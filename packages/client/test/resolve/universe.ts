import { highestInRange } from '@ebpm/formats';
import type { OfferedPackage, PackageSource, Requirement, VersionNeeds } from '../../src/resolve/package-source.js';

/** Packages and what each of their versions asks for: name to version to name to range. */
export type Universe = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

export function ask(wishes: Readonly<Record<string, string>>): readonly Requirement[] {
  return Object.entries(wishes).map(([name, range]) => ({ name, wanted: { kind: 'range', range } }));
}

/** A source of packages that lie in memory. It counts what it is asked for. */
export class UniverseSource implements PackageSource {
  readonly asked: string[] = [];
  readonly #universe: Universe;
  readonly #tags: Readonly<Record<string, string>>;
  readonly #refusals = new Map<string, string>();
  readonly #withheld = new Map<string, Map<string, string>>();

  /** @param tags of every package */
  constructor(universe: Universe, tags: Readonly<Record<string, string>> = {}) {
    this.#universe = universe;
    this.#tags = tags;
  }

  refuse(name: string, version: string, reason: string): void {
    this.#refusals.set(`${name}@${version}`, reason);
  }

  /** There is such a version, and it may not be chosen. */
  withhold(name: string, version: string, reason: string): void {
    this.#withheld.set(name, (this.#withheld.get(name) ?? new Map<string, string>()).set(version, reason));
  }

  async offered(name: string): Promise<OfferedPackage | string> {
    this.asked.push(name);
    const versions = this.#universe[name];
    if (versions === undefined) return 'it does not exist';
    return { versions: Object.keys(versions), tags: this.#tags, withheld: this.#withheld.get(name) ?? new Map() };
  }

  async needs(name: string, version: string): Promise<VersionNeeds> {
    this.asked.push(`${name}@${version}`);
    return {
      requirements: ask(this.#universe[name]?.[version] ?? {}),
      refusal: this.#refusals.get(`${name}@${version}`),
    };
  }
}

/** Whether a choice gives everybody what he asks for. */
export function satisfies(
  universe: Universe,
  wishes: Readonly<Record<string, string>>,
  chosen: ReadonlyMap<string, string>,
): boolean {
  const granted = (asked: Readonly<Record<string, string>>): boolean =>
    Object.entries(asked).every(([name, range]) => {
      const version = chosen.get(name);
      return version !== undefined && highestInRange([version], range) === version;
    });
  return (
    granted(wishes) &&
    [...chosen].every(([name, version]) => {
      const needs = universe[name]?.[version];
      return needs !== undefined && granted(needs);
    })
  );
}

/** Tries every choice there is, the absence of a package included. */
export function isSolvable(universe: Universe, wishes: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(universe);
  const choose = (index: number, chosen: Map<string, string>): boolean => {
    const name = names[index];
    if (name === undefined) return satisfies(universe, wishes, chosen);
    if (choose(index + 1, chosen)) return true;
    return Object.keys(universe[name] ?? {}).some((version) => choose(index + 1, new Map(chosen).set(name, version)));
  };
  return choose(0, new Map());
}
