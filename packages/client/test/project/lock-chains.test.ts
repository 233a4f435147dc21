import type { Lockfile } from '@ebpm/schemas';
import { describe, expect, it } from 'vitest';
import { chainsTo } from '../../src/project/lock-chains.js';
import { lockProblem } from '../../src/project/lock-problem.js';

function lockfile(
  requires: Readonly<Record<string, string>>,
  needs: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Lockfile {
  const one = { version: '1.0.0', digest: `sha256:${'0'.repeat(64)}`, registry: 'https://hub.example.org' };
  const packages = Object.entries(needs).map(([name, dependencies]) => [name, { ...one, dependencies }]);
  return { lockfile: 1, requires, packages: Object.fromEntries(packages) };
}

describe('chainsTo()', () => {
  it('gives the shortest chain to each that asks, the project first', () => {
    const sample = lockfile(
      { a: '1', lib: '*' },
      { a: { b: '^1.0.0', c: '1' }, b: { c: '1' }, c: { lib: '^1.0.0' }, lib: { c: '*' } },
    );
    expect(chainsTo(sample, 'lib')).toEqual([
      { range: '*', chain: [] },
      { by: { name: 'c', version: '1.0.0' }, range: '^1.0.0', chain: ['a', 'c'] },
    ]);
  });

  it('leaves out who is not needed himself, also where he needs himself', () => {
    expect(chainsTo(lockfile({}, { a: { a: '1', lib: '1' }, lib: {} }), 'lib')).toEqual([]);
  });
});

describe('lockProblem()', () => {
  const good = lockfile({ a: '^1.0.0' }, { a: { lib: '1' }, lib: {} });

  it('finds none where the lockfile has everything that is asked for', () => {
    expect(lockProblem(good, { a: '^1.0.0' })).toBeUndefined();
  });

  it.each([
    ['it lacks "b"', good, { a: '^1.0.0', b: '1' }],
    ['"a" is not asked for any more', good, {}],
    ['"a" is asked for as "*", and it was made for "^1.0.0"', good, { a: '*' }],
    ['it lacks "lib"', lockfile({ a: '1' }, { a: { lib: '1' } }), { a: '1' }],
    [
      '"lib@1.0.0" is not in "2", which it is asked for as',
      lockfile({ a: '1' }, { a: { lib: '2' }, lib: {} }),
      { a: '1' },
    ],
  ])('says %s', (problem, sample, dependencies) => {
    expect(lockProblem(sample, dependencies)).toBe(problem);
  });
});
