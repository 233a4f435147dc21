import { expect, test } from 'vitest';
import { closest } from '../src/closest.js';

const WORDS = ['install', 'info', 'inspect', 'tag add', 'run', 'search'];

test.each([
  ['instal', 'install'],
  ['isntall', 'install'],
  ['inspekt', 'inspect'],
  ['rnu', 'run'],
  ['tag ad', 'tag add'],
  ['xyz', undefined],
  ['delete', undefined],
  ['', undefined],
  ['installinstall', undefined],
])('closest() takes %j for %j', (typed, meant) => {
  expect(closest(typed, WORDS)).toBe(meant);
});

test('closest() takes the first of several that are as near, and passes over what is too long', () => {
  expect(closest('in', ['on', 'an'])).toBe('on');
  expect(closest('a'.repeat(1000), ['a'.repeat(1001)])).toBeUndefined();
});
