import type { PatternAlternative, PatternNode } from './parse-pattern.js';

/** A pattern as a machine: each byte of it is a position, and the machine is in some of them. Glushkov's construction. */
export interface PatternPositions {
  /** What the byte at each position may be: 256 flags. */
  readonly accepts: readonly Uint8Array[];
  /** Where it can go on after each position. */
  readonly follow: readonly (readonly number[])[];
  /** Where it can begin at the start of the text, and where anywhere. */
  readonly firstAtStart: readonly number[];
  readonly firstAnywhere: readonly number[];
  /** Positions after which an alternative is complete, wherever that is; and those where it must be the end of the text. */
  readonly lastAnywhere: ReadonlySet<number>;
  readonly lastAtEnd: ReadonlySet<number>;
  /** Whether it matches the empty text, and whether it matches every text since it may match nothing in it. */
  readonly matchesEmpty: boolean;
  readonly matchesAll: boolean;
}

/** Builds the machine of a pattern. */
export function patternPositions(alternatives: readonly PatternAlternative[]): PatternPositions {
  const accepts: Uint8Array[] = [];
  const follow: number[][] = [];
  const firstAtStart: number[] = [];
  const firstAnywhere: number[] = [];
  const lastAnywhere = new Set<number>();
  const lastAtEnd = new Set<number>();
  let matchesEmpty = false;
  let matchesAll = false;
  for (const { node, fromStart, toEnd } of alternatives) {
    const { first, last, nullable } = visit(node, accepts, follow);
    (fromStart ? firstAtStart : firstAnywhere).push(...first);
    for (const position of last) (toEnd ? lastAtEnd : lastAnywhere).add(position);
    matchesEmpty ||= nullable;
    matchesAll ||= nullable && !(fromStart && toEnd);
  }
  return { accepts, follow, firstAtStart, firstAnywhere, lastAnywhere, lastAtEnd, matchesEmpty, matchesAll };
}

interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

function visit(node: PatternNode, accepts: Uint8Array[], follow: number[][]): Part {
  switch (node.kind) {
    case 'byte': {
      const position = accepts.push(node.accepts) - 1;
      follow.push([]);
      return { first: [position], last: [position], nullable: false };
    }
    case 'choice': {
      const parts = node.parts.map((part) => visit(part, accepts, follow));
      return {
        first: parts.flatMap(({ first }) => first),
        last: parts.flatMap(({ last }) => last),
        nullable: parts.some(({ nullable }) => nullable),
      };
    }
    case 'repeat': {
      const { first, last, nullable } = visit(node.part, accepts, follow);
      if (node.many) connect(follow, last, first);
      return { first, last, nullable: nullable || node.least === 0 };
    }
    case 'sequence':
      return node.parts.reduce<Part>(
        (before, part) => {
          const after = visit(part, accepts, follow);
          connect(follow, before.last, after.first);
          return {
            first: before.nullable ? [...before.first, ...after.first] : before.first,
            last: after.nullable ? [...before.last, ...after.last] : after.last,
            nullable: before.nullable && after.nullable,
          };
        },
        { first: [], last: [], nullable: true },
      );
  }
}

function connect(follow: number[][], from: readonly number[], to: readonly number[]): void {
  for (const position of from) {
    const list = follow[position] ?? [];
    for (const next of to) if (!list.includes(next)) list.push(next);
  }
}
