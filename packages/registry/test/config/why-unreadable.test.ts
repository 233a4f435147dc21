import { expect, test } from 'vitest';
import { whyUnreadable } from '../../src/config/why-unreadable.js';

test.each([
  ['ENOENT', 'it does not exist'],
  ['ENOTDIR', 'what its path leads through is no directory'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'the user of this process may not read it'],
  ['EPERM', 'the user of this process may not read it'],
  ['EIO', 'EIO: i/o error, read'],
])('whyUnreadable() says of %s that %s', (code, words) => {
  expect(whyUnreadable(Object.assign(new Error(`${code}: i/o error, read`), { code }))).toBe(words);
});
