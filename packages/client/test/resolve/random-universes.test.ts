import { EbpmError } from '@ebpm/formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Solver } from '../../src/resolve/solver.js';
import { ask, isSolvable, satisfies, type Universe, UniverseSource } from './universe.js';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const VERSIONS = ['1.0.0', '1.1.0', '2.0.0-rc.1', '2.0.0'];
const RANGES = [
  '*',
  '^1.0.0',
  '~1.0.0',
  '1.1.0',
  '>=1.1.0',
  '<2.0.0',
  '^2.0.0-rc.1',
  '2.0.0',
  '^3.0.0',
  '1.0.0 || 2.0.0',
];

/** Half of the wishes ask for one of five packages, some for one that does not exist. */
const wishes = fc.dictionary(fc.constantFrom(...NAMES, 'missing'), fc.constantFrom(...RANGES), { maxKeys: 3 });
const versions = fc.uniqueArray(fc.constantFrom(...VERSIONS), { minLength: 1, maxLength: 4 });
const packages = versions.chain((numbers) =>
  fc
    .tuple(...numbers.map(() => wishes))
    .map((needs) => Object.fromEntries(numbers.map((number, i) => [number, needs[i] ?? {}]))),
);
const universes = fc
  .tuple(...NAMES.map(() => packages))
  .map((all): Universe => Object.fromEntries(NAMES.map((name, i) => [name, all[i] ?? {}])));

describe('Solver', () => {
  it('finds a solution wherever trying everything does, and never a wrong one', async () => {
    const seen = { solved: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(universes, wishes, async (universe, asked) => {
        const chosen = await solutionOf(universe, asked);
        seen[chosen === undefined ? 'refused' : 'solved']++;
        expect(chosen !== undefined).toBe(isSolvable(universe, asked));
        if (chosen !== undefined) expect(satisfies(universe, asked, chosen)).toBe(true);
      }),
      { numRuns: Number(process.env['EBPM_TEST_UNIVERSES'] ?? 400) },
    );
    expect(Math.min(seen.solved, seen.refused)).toBeGreaterThan(20);
  });

  it('chooses the same whatever order the wishes come in, and nothing that nobody asks for', async () => {
    await fc.assert(
      fc.asyncProperty(universes, wishes, async (universe, asked) => {
        const turned = Object.fromEntries(Object.entries(asked).reverse());
        const chosen = await solutionOf(universe, asked);
        expect(sorted(await solutionOf(universe, turned))).toEqual(sorted(chosen));
        const wanted = new Set(
          [asked, ...[...(chosen ?? [])].map(([name, version]) => universe[name]?.[version] ?? {})].flatMap(
            Object.keys,
          ),
        );
        for (const name of chosen?.keys() ?? []) expect(wanted).toContain(name);
      }),
    );
  });
});

async function solutionOf(
  universe: Universe,
  asked: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return await new Solver(new UniverseSource(universe), new Map()).solve(ask(asked));
  } catch (error) {
    if (!(error instanceof EbpmError) || error.code !== 'EBPM_RESOLVE_CONFLICT') throw error;
    // Whoever started it stands first, whatever the proof is.
    expect(error.data).toMatchObject({ log: expect.arrayContaining([expect.stringMatching(/^you ask for /)]) });
    return undefined;
  }
}

function sorted(chosen: ReadonlyMap<string, string> | undefined): readonly unknown[] | undefined {
  return chosen === undefined ? undefined : [...chosen].sort();
}
