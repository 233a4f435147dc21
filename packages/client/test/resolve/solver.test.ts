import { describe, expect, it } from 'vitest';
import type { Wanted } from '../../src/resolve/package-source.js';
import { Solver } from '../../src/resolve/solver.js';
import { ask, type Universe, UniverseSource } from './universe.js';

describe('Solver', () => {
  it('takes the highest version that everybody is content with', async () => {
    const universe = {
      tool: { '1.0.0': { lib: '^1.0.0' }, '1.1.0': { lib: '^1.0.0' } },
      other: { '1.0.0': { lib: '<1.2.0' } },
      lib: { '1.0.0': {}, '1.1.0': {}, '1.2.0': {}, '2.0.0': {} },
    };
    expect(await chosen(universe, { tool: '*', other: '*' })).toEqual({ tool: '1.1.0', other: '1.0.0', lib: '1.1.0' });
  });

  it('goes back to an older version where the newest cannot be had', async () => {
    const universe = {
      tool: { '1.0.0': { lib: '^1.0.0' }, '2.0.0': { lib: '^2.0.0' } },
      other: { '1.0.0': { lib: '^1.0.0' } },
      lib: { '1.0.0': {}, '2.0.0': {} },
    };
    expect(await chosen(universe, { tool: '*', other: '*' })).toEqual({ tool: '1.0.0', other: '1.0.0', lib: '1.0.0' });
  });

  it('goes back where what a version needs does not exist', async () => {
    const universe = { tool: { '1.0.0': {}, '2.0.0': { gone: '*' } } };
    expect(await chosen(universe, { tool: '*' })).toEqual({ tool: '1.0.0' });
  });

  it('takes prereleases only where a range names one', async () => {
    const universe = { tool: { '1.0.0': {}, '2.0.0-rc.1': {} } };
    expect(await chosen(universe, { tool: '>=1.0.0' })).toEqual({ tool: '1.0.0' });
    expect(await chosen(universe, { tool: '^2.0.0-rc.0' })).toEqual({ tool: '2.0.0-rc.1' });
  });

  it('keeps what a lockfile has while it fits', async () => {
    const universe = { tool: { '1.0.0': {}, '1.1.0': {}, '2.0.0': {} } };
    const locked = new Map([['tool', '1.0.0']]);
    expect(await chosen(universe, { tool: '^1.0.0' }, locked)).toEqual({ tool: '1.0.0' });
    expect(await chosen(universe, { tool: '^2.0.0' }, locked)).toEqual({ tool: '2.0.0' });
  });

  it('lets packages need each other, and themselves', async () => {
    const universe = { a: { '1.0.0': { b: '1.0.0', a: '^1.0.0' } }, b: { '1.0.0': { a: '1.0.0' } } };
    expect(await chosen(universe, { a: '*' })).toEqual({ a: '1.0.0', b: '1.0.0' });
    await expect(chosen({ a: { '1.0.0': { a: '2.0.0' } } }, { a: '*' })).rejects.toMatchObject({
      code: 'EBPM_RESOLVE_CONFLICT',
    });
  });

  it('takes the version that a tag names', async () => {
    const source = new UniverseSource({ tool: { '1.0.0': {}, '2.0.0-rc.1': {} } }, { next: '2.0.0-rc.1' });
    const solved = await new Solver(source, new Map()).solve([{ name: 'tool', wanted: { kind: 'tag', tag: 'next' } }]);
    expect(Object.fromEntries(solved)).toEqual({ tool: '2.0.0-rc.1' });
  });

  it('asks for nothing twice, nor for what it does not need', async () => {
    const source = new UniverseSource({
      tool: { '1.0.0': { lib: '^1.0.0' }, '2.0.0': { lib: '^2.0.0', other: '*' } },
      other: { '1.0.0': { lib: '^1.0.0' } },
      lib: { '1.0.0': {}, '2.0.0': {} },
      unrelated: { '1.0.0': {} },
    });
    await new Solver(source, new Map()).solve(ask({ tool: '*', other: '*' }));
    expect(new Set(source.asked).size).toBe(source.asked.length);
    expect(source.asked).not.toContain('unrelated');
  });

  it('explains a conflict as the chain of who asked for what, and tells nothing else', async () => {
    const universe = {
      tool: { '1.0.0': { lib: '^1.0.0' }, '1.1.0': { lib: '^1.0.0' } },
      other: { '2.0.0': { deeper: '^1.0.0' } },
      deeper: { '1.0.0': { lib: '^2.0.0' } },
      innocent: { '1.0.0': { lib: '*' } },
      lib: { '1.0.0': {}, '2.0.0': {} },
    };
    expect(await refusal(universe, { innocent: '*', tool: '^1.0.0', other: '^2.0.0' })).toEqual([
      'you ask for other ^2.0.0',
      'other 2.0.0 asks for deeper ^1.0.0',
      'deeper 1.0.0 asks for lib ^2.0.0',
      'you ask for tool ^1.0.0',
      'tool 1.0.0, 1.1.0 ask for lib ^1.0.0',
    ]);
  });

  it('says what does not exist', async () => {
    expect(await refusal({}, { tool: '^1.0.0' })).toEqual(['you ask for tool ^1.0.0: it does not exist']);
    expect(await refusal({ tool: { '1.0.0': {} } }, { tool: '^2.0.0' })).toEqual([
      'you ask for tool ^2.0.0: there is no such version',
    ]);
  });

  it('says why a version cannot be taken', async () => {
    const source = new UniverseSource({ tool: { '1.0.0': {} } });
    source.refuse('tool', '1.0.0', 'its author says that it needs Linux >=6.6');
    const solving = new Solver(source, new Map()).solve(ask({ tool: '*' }));
    await expect(solving).rejects.toMatchObject({
      data: { log: ['you ask for tool *', 'tool 1.0.0 cannot be taken: its author says that it needs Linux >=6.6'] },
    });
  });

  it('says of each version that a wish would take why it may not be chosen', async () => {
    const source = new UniverseSource({ lib: { '1.0.0': {} } }, { next: '2.0.0' });
    source.withhold('lib', '1.1.0', 'was yanked');
    source.withhold('lib', '1.2.0', 'was taken down');
    source.withhold('lib', '1.10.0', 'was yanked');
    source.withhold('lib', '2.0.0', 'was yanked');
    const log = async (wanted: Wanted) => {
      const solving = new Solver(source, new Map()).solve([{ name: 'lib', wanted }]);
      return logOf(await solving.catch((error: unknown) => error));
    };
    expect(await log({ kind: 'range', range: '1.2.0' })).toEqual(['you ask for lib 1.2.0: 1.2.0 was taken down']);
    expect(await log({ kind: 'range', range: '^1.1.0' })).toEqual([
      'you ask for lib ^1.1.0: 1.1.0, 1.10.0: each was yanked; 1.2.0 was taken down',
    ]);
    expect(await log({ kind: 'tag', tag: 'next' })).toEqual(['you ask for lib "next": 2.0.0 was yanked']);
    expect(await log({ kind: 'range', range: '^3' })).toEqual(['you ask for lib ^3: there is no such version']);
  });

  it('tells of versions that all who ask would take, and of no others, why they may not be chosen', async () => {
    const source = new UniverseSource({
      tool: { '1.0.0': { lib: '<=1.1.0' } },
      lib: { '1.0.0': {}, '1.2.0': {} },
    });
    for (const version of ['0.9.0', '1.1.0', '1.3.0']) source.withhold('lib', version, 'was yanked');
    const solving = new Solver(source, new Map()).solve(ask({ tool: '*', lib: '>=1.1.0' }));
    expect(logOf(await solving.catch((error: unknown) => error))).toEqual([
      'you ask for lib >=1.1.0',
      'lib 1.1.0 cannot be taken: it was yanked',
      'you ask for tool *',
      'tool 1.0.0 asks for lib <=1.1.0',
    ]);
  });

  it('begins with the package that all of it is for', async () => {
    const root = { name: 'app', version: '1.0.0' };
    const solving = new Solver(new UniverseSource({}), new Map(), root).solve(ask({ lib: '^7' }));
    expect(logOf(await solving.catch((error: unknown) => error))).toEqual([
      'you ask for app 1.0.0',
      'app 1.0.0 asks for lib ^7: it does not exist',
    ]);
  });

  it('explains a chain of thousands of packages', async () => {
    const names = Array.from({ length: 3_000 }, (_, i) => `p${i}`);
    const universe = Object.fromEntries(names.map((name, i) => [name, { '1.0.0': { [names[i + 1] ?? 'gone']: '*' } }]));
    const log = await refusal(universe, { p0: '*' });
    expect(log).toHaveLength(21);
    expect(log.at(-1)).toBe('and 2981 more reasons');
  });
});

async function chosen(
  universe: Universe,
  wishes: Readonly<Record<string, string>>,
  locked: ReadonlyMap<string, string> = new Map(),
): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(await new Solver(new UniverseSource(universe), locked).solve(ask(wishes)));
}

/** The lines that explain why there is no solution. */
async function refusal(universe: Universe, wishes: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const error = await chosen(universe, wishes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return logOf(error);
}

function logOf(error: unknown): readonly string[] {
  expect(error).toMatchObject({ code: 'EBPM_RESOLVE_CONFLICT' });
  return (error as { readonly data: { readonly log: readonly string[] } }).data.log;
}
