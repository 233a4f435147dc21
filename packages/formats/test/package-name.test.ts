import { describe, expect, test } from 'vitest';
import { isPackageName, parsePackageName } from '../src/index.js';

describe('parsePackageName()', () => {
  test.each(['a', '0', 'sigsnoop', 'a.b_c-d', '@a/b', '@acme-1/x', `@${'s'.repeat(39)}/${'n'.repeat(64)}`])(
    'parsePackageName() allows %j',
    (name) => {
      expect(parsePackageName(name)).toBe(name);
    },
  );

  test.each([
    '',
    'A',
    '.a',
    '-a',
    '_a',
    'a b',
    'a/b',
    'a\n',
    '@/a',
    '@a',
    '@a/',
    '@a.b/c',
    '@a/b/c',
    'é',
    '../a',
    'n'.repeat(65),
    `@${'s'.repeat(40)}/n`,
  ])('parsePackageName() refuses %j', (name) => {
    expect(() => parsePackageName(name)).toThrow(expect.objectContaining({ code: 'EBPM_NAME_INVALID' }));
    expect(isPackageName(name)).toBe(false);
  });
});
