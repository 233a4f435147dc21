import { compareVersions, versionsInRange } from '@ebpm/formats';
import type { OfferedPackage, Wanted } from './package-source.js';

/**
 * A set of what a package can be in a solution: bit 0 stands for its absence, bit i for the i-th of its versions. Every package
 * has finitely many versions, so union, intersection and complement of what ranges allow are exact.
 */
export type Choice = bigint;

/** The choice of having the package in no version. */
export const ABSENT: Choice = 1n;

/** What one package can be, and which choices a wish leaves. */
export class VersionDomain {
  /** Lowest first. */
  readonly versions: readonly string[];
  /** Every choice, absence too. */
  readonly all: Choice;
  readonly #tags: Readonly<Record<string, string>>;
  readonly #withheld: ReadonlyMap<string, string>;
  readonly #wishes = new Map<string, Choice>();

  constructor({ versions, tags, withheld = new Map() }: OfferedPackage) {
    this.versions = [...versions].sort(compareVersions);
    this.all = (1n << BigInt(this.versions.length + 1)) - 1n;
    this.#tags = tags;
    this.#withheld = withheld;
  }

  /** The versions that a wish would allow if they could be chosen, lowest first, with the reasons why they cannot. */
  withheld(wanted: Wanted): ReadonlyMap<string, string> {
    const versions = [...this.#withheld.keys()].sort(compareVersions);
    const named = wanted.kind === 'range' ? versionsInRange(versions, wanted.range) : [this.#tags[wanted.tag]];
    return new Map(versions.filter((one) => named.includes(one)).map((one) => [one, this.#withheld.get(one) ?? '']));
  }

  /** The versions that a wish allows, without absence. */
  allowed(wanted: Wanted): Choice {
    const key = wanted.kind === 'tag' ? `tag ${wanted.tag}` : wanted.range;
    const known = this.#wishes.get(key);
    if (known !== undefined) return known;
    const choice = this.#named(this.#numbers(wanted));
    this.#wishes.set(key, choice);
    return choice;
  }

  /** The choice of exactly one version; none where it is not offered. */
  exactly(version: string): Choice {
    return this.#named([version]);
  }

  /** The versions in a choice, lowest first. */
  in(choice: Choice): readonly string[] {
    return this.versions.filter((_, index) => ((choice >> BigInt(index + 1)) & 1n) === 1n);
  }

  #numbers(wanted: Wanted): readonly string[] {
    if (wanted.kind === 'range') return versionsInRange(this.versions, wanted.range);
    const version = Object.hasOwn(this.#tags, wanted.tag) ? this.#tags[wanted.tag] : undefined;
    return version === undefined ? [] : [version];
  }

  #named(versions: readonly string[]): Choice {
    const wanted = new Set(versions);
    return this.versions.reduce(
      (choice, version, index) => (wanted.has(version) ? choice | (1n << BigInt(index + 1)) : choice),
      0n,
    );
  }
}
