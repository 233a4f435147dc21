import { describe, expect, test } from 'vitest';
import { checkTarPath } from '../src/tar-path.js';

describe('checkTarPath()', () => {
  test.each([
    ['an empty path', '', 'empty'],
    ['an absolute path', '/etc/passwd', 'absolute'],
    ['a path that climbs', '../x', 'climbs'],
    ['a path that climbs in the middle', 'a/../../x', 'climbs'],
    ['a path that climbs at its end', 'a/..', 'climbs'],
    ['a path with a dot', './a', 'empty part'],
    ['a path with two slashes', 'a//b', 'empty part'],
    ['a folder', 'a/', 'empty part'],
    ['a backslash', '..\\x', 'backslash'],
    ['a NUL', 'a\0b', 'control'],
    ['a line feed', 'a\nb', 'control'],
    ['an escape character', 'a\u001b[2Jb', 'control'],
    ['a C1 control', 'a\u009bb', 'control'],
    ['a bidi override', 'a\u202Egnp.exe', 'invisible'],
    ['a zero-width space', 'a\u200Bb', 'invisible'],
    ['half a surrogate pair', 'a\uD800b', 'UTF-8'],
    ['what was no UTF-8', 'a\uFFFDb', 'UTF-8'],
    ['a decomposed letter', 'e\u0301', 'normalization'],
    ['more than 155 bytes', `${'a/'.repeat(77)}bc`, '155 bytes'],
    ['more than 155 bytes in fewer characters', `${'é/'.repeat(51)}abc`, '155 bytes'],
    ['a part of more than 99 bytes', `a/${'b'.repeat(100)}`, '99 bytes'],
  ])('checkTarPath() refuses %s', (_, path, reason) => {
    expect(() => checkTarPath(path)).toThrow(
      expect.objectContaining({ code: 'EBPM_ARCHIVE_PATH', message: expect.stringContaining(reason) }),
    );
  });

  test.each(['a', '.clang-format', '..a', 'a..b/c', 'include/x.h', 'grüße/日本.txt', 'with space', '-', '@x', 'a:b'])(
    'checkTarPath() allows %j',
    (path) => {
      checkTarPath(path);
    },
  );
});
