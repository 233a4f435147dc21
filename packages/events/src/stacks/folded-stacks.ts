import { FOLDED_STACK_LIMIT } from '../limits.js';
import { printable } from '../printable.js';
import type { NamedStack, StackFrame } from './stack-frame.js';
import { UNKNOWN_SYMBOL } from './stack-text.js';

/** Stacks that were seen, from the outermost frame to the innermost, and how often. */
export interface FoldedStack {
  /** Name of the process, its frames in user space, then those in the kernel, which end in `_[k]`. Safe to print. */
  readonly frames: readonly string[];
  readonly count: bigint;
}

/** Adds up equal stacks. */
export class FoldedStacks {
  readonly #stacks = new Map<string, { readonly frames: readonly string[]; count: bigint }>();

  add(stack: NamedStack): void {
    const frames = [
      frameText(stack.sample.comm),
      ...stack.user.toReversed().map(frameName),
      ...stack.kernel.toReversed().map((frame) => `${frameName(frame)}_[k]`),
    ];
    const key = frames.join(';');
    const room = this.#stacks.size < FOLDED_STACK_LIMIT || this.#stacks.has(key);
    this.#count(room ? key : TOO_MANY, room ? frames : [TOO_MANY], stack.sample.count ?? 1n);
  }

  /** Adds what others have added up. */
  addAll(stacks: readonly FoldedStack[]): void {
    for (const { frames, count } of stacks) this.#count(frames.join(';'), frames, count);
  }

  /** Forgets everything, because what comes next counts from the start of the run. */
  clear(): void {
    this.#stacks.clear();
  }

  /** All stacks, in the order of their text. */
  list(): readonly FoldedStack[] {
    const keys = [...this.#stacks.keys()].sort();
    return keys.flatMap((key) => this.#stacks.get(key) ?? []);
  }

  /** One line for each stack: `comm;outer;inner count`, as tools that draw flame graphs read it. */
  text(): string {
    return this.list()
      .map(({ frames, count }) => `${frames.join(';')} ${count}\n`)
      .join('');
  }

  #count(key: string, frames: readonly string[], count: bigint): void {
    const known = this.#stacks.get(key);
    if (known === undefined) this.#stacks.set(key, { frames, count });
    else known.count += count;
  }
}

/** What counts the stacks that came after the limit. */
const TOO_MANY = '[too many stacks]';

function frameName({ symbol }: StackFrame): string {
  return frameText(symbol ?? UNKNOWN_SYMBOL);
}

/** A semicolon parts frames, so within a name it becomes a colon. */
function frameText(name: string): string {
  return printable(name).replaceAll(';', ':');
}
