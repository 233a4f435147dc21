import type { Incompatibility } from './incompatibility.js';
import type { Choice } from './version-domain.js';

/** What is known of a package after one step. */
interface Assignment {
  readonly name: string;
  /** The choices that this step allows. */
  readonly kept: Choice;
  /** What is left of the package's choices after this step and those before it. */
  readonly left: Choice;
  /** How many versions had been decided on. */
  readonly level: number;
  /** What forced it; undefined for a decision. */
  readonly cause: Incompatibility | undefined;
}

/** The step that made an incompatibility hold, and how far back one can go before it. */
export interface Satisfier {
  readonly name: string;
  readonly level: number;
  readonly cause: Incompatibility | undefined;
  /** The level at which everything else in the incompatibility held already. */
  readonly previousLevel: number;
}

/** What has been decided and what follows, step by step, so that steps can be taken back. */
export class PartialSolution {
  readonly #steps: Assignment[] = [];
  readonly #left = new Map<string, Choice>();
  readonly #decided = new Map<string, string>();
  #level = 0;

  /** The decided versions by package. */
  get decisions(): ReadonlyMap<string, string> {
    return this.#decided;
  }

  /** Packages that something is known of. */
  get names(): Iterable<string> {
    return this.#left.keys();
  }

  /** What a package can still be; undefined where nothing is known. */
  left(name: string): Choice | undefined {
    return this.#left.get(name);
  }

  decide(name: string, version: string, choice: Choice): void {
    this.#level++;
    this.#decided.set(name, version);
    this.#add(name, choice, undefined);
  }

  /** Keeps only some choices of a package, since an incompatibility leaves no others. */
  derive(name: string, kept: Choice, cause: Incompatibility): void {
    this.#add(name, kept, cause);
  }

  /** Takes every step back that came after a level. */
  backtrack(level: number): void {
    while ((this.#steps.at(-1)?.level ?? 0) > level) {
      const { name, cause } = this.#steps.pop() as Assignment;
      if (cause === undefined) this.#decided.delete(name);
      const before = this.#steps.findLast((step) => step.name === name);
      if (before === undefined) this.#left.delete(name);
      else this.#left.set(name, before.left);
    }
    this.#level = level;
  }

  /** The step by which an incompatibility, all of whose terms hold, came to hold. */
  satisfier({ terms }: Incompatibility): Satisfier {
    const found = [...terms].map(([name, set]) => ({ name, set, index: this.#firstWithin(name, set) }));
    const last = found.reduce((a, b) => (b.index > a.index ? b : a));
    const step = this.#steps[last.index] as Assignment;
    const others = found.filter((one) => one !== last).map(({ index }) => this.#levelAt(index));
    // The step alone may not have been enough: what was known of its package before helped.
    const own = this.#enoughFrom(last.index, last.set);
    return { name: step.name, level: step.level, cause: step.cause, previousLevel: Math.max(0, own, ...others) };
  }

  /** The level from which on the step at `index` was enough to leave a package nothing outside of a set. */
  #enoughFrom(index: number, set: Choice): number {
    const { name, kept } = this.#steps[index] as Assignment;
    const outside = kept & ~set;
    if (outside === 0n) return 0;
    return this.#levelAt(this.#steps.findIndex((step) => step.name === name && (step.left & outside) === 0n));
  }

  #firstWithin(name: string, set: Choice): number {
    return this.#steps.findIndex((step) => step.name === name && (step.left & ~set) === 0n);
  }

  #levelAt(index: number): number {
    return this.#steps[index]?.level ?? 0;
  }

  #add(name: string, kept: Choice, cause: Incompatibility | undefined): void {
    const left = (this.#left.get(name) ?? kept) & kept;
    this.#steps.push({ name, kept, left, level: this.#level, cause });
    this.#left.set(name, left);
  }
}
