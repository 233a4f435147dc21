import { expect, test } from 'vitest';
import { counted } from '../src/counted.js';

test.each([
  [0, '0 events'],
  [1, '1 event'],
  [1n, '1 event'],
  [2, '2 events'],
])('counted() says %s as %s', (count, text) => {
  expect(counted(count, 'event')).toBe(text);
});

test('counted() takes a plural that has no s', () => {
  expect([counted(1, 'entry', 'entries'), counted(3n, 'entry', 'entries')]).toEqual(['1 entry', '3 entries']);
});
