import { PATTERN_STATE_LIMIT } from '../limits.js';
import { parsePattern } from './parse-pattern.js';
import { type PatternPositions, patternPositions } from './pattern-positions.js';

/**
 * A regular expression over bytes that looks at each byte once, whatever the pattern: an automaton whose states are made when they are
 * first met. There is no backtracking, so no text from a kernel can make it slow.
 */
export class TextPattern {
  readonly #positions: PatternPositions;
  #states = new Map<string, State>();
  #start: State;

  /** @throws PatternMistake */
  constructor(text: string) {
    this.#positions = patternPositions(parsePattern(text));
    this.#start = this.#newState([], true);
  }

  /** Whether it is found in the bytes from `start` up to `end`. */
  test(bytes: Uint8Array, start: number, end: number): boolean {
    const { matchesAll, matchesEmpty } = this.#positions;
    if (matchesAll) return true;
    if (start === end) return matchesEmpty;
    let state = this.#start;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      state = state.next[byte] ?? this.#step(state, byte);
      if (state.found) return true;
    }
    return state.foundAtEnd;
  }

  #step(state: State, byte: number): State {
    const { accepts, follow, firstAnywhere, firstAtStart } = this.#positions;
    const reached = new Set(state.positions.flatMap((position) => follow[position] ?? []));
    for (const position of firstAnywhere) reached.add(position);
    if (state.atStart) for (const position of firstAtStart) reached.add(position);
    const positions = [...reached].filter((position) => accepts[position]?.[byte] === 1).sort((a, b) => a - b);
    const next = this.#states.get(positions.join()) ?? this.#newState(positions, false);
    state.next[byte] = next;
    return next;
  }

  #newState(positions: readonly number[], atStart: boolean): State {
    const { lastAnywhere, lastAtEnd } = this.#positions;
    const found = positions.some((position) => lastAnywhere.has(position));
    const foundAtEnd = found || positions.some((position) => lastAtEnd.has(position));
    const state: State = {
      positions,
      atStart,
      found,
      foundAtEnd,
      next: new Array<State | undefined>(256).fill(undefined),
    };
    if (atStart) return state;
    if (this.#states.size >= PATTERN_STATE_LIMIT) this.#forgetStates();
    this.#states.set(positions.join(), state);
    return state;
  }

  /** Patterns with exponentially many states start over: memory stays bounded, and each byte still takes one step. */
  #forgetStates(): void {
    this.#states = new Map();
    this.#start = this.#newState([], true);
  }
}

interface State {
  readonly positions: readonly number[];
  readonly atStart: boolean;
  readonly found: boolean;
  readonly foundAtEnd: boolean;
  readonly next: (State | undefined)[];
}
