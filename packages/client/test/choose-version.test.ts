import { parseSpec } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { chooseVersion, exactVersion } from '../src/choose-version.js';
import type { NamedSpec } from '../src/installed.js';
import { refused } from './refused.js';

const version = (number: string, yanked = false) => ({
  version: number,
  digest: `sha256:${'0'.repeat(64)}`,
  sizeBytes: 1,
  publishedAt: '2026-01-02T03:04:05Z',
  publisher: 'alice',
  seq: 1,
  yanked,
});
const PACKAGE = {
  name: 'x',
  tags: { latest: '1.2.0', next: '2.0.0-rc.1', gone: '1.3.0', built: '1.1.0+b5' },
  versions: [
    version('1.0.0'),
    version('1.1.0+b5'),
    version('1.2.0'),
    version('1.3.0', true),
    version('2.0.0-rc.1'),
    version('no version'),
  ],
  takenDown: ['1.4.0', '4.0.0+b1'],
};
const spec = (text: string) => parseSpec(text) as NamedSpec;

describe('chooseVersion()', () => {
  test.each([
    ['x', '1.2.0'],
    ['x@next', '2.0.0-rc.1'],
    ['x@^1', '1.2.0'],
    ['x@~1.0', '1.0.0'],
    ['x@*', '1.2.0'],
    ['x@2.0.0-rc.1', '2.0.0-rc.1'],
    ['x@1.3.0', '1.3.0'],
    ['x@1.1.0', '1.1.0'],
    ['x@1.1.0+other', '1.1.0'],
    ['x@built', '1.1.0'],
  ])('chooseVersion() takes for %s %s', (text, wanted) => {
    expect(chooseVersion(PACKAGE, spec(text)).version).toBe(wanted);
  });

  test.each([
    ['x@^3', 'no version is in this range'],
    ['x@>=1.3.0 <2', 'of what is in this range, 1.3.0 was yanked, 1.4.0 was taken down'],
    ['x@3.0.0', 'no version is in this range'],
    ['x@beta', 'no version has this tag'],
    ['x@constructor', 'no version has this tag'],
    ['x@gone', 'was yanked'],
  ])('chooseVersion() refuses %s: %s', (text, reason) => {
    expect(() => chooseVersion(PACKAGE, spec(text))).toThrow(refused('EBPM_VERSION_NOT_FOUND', reason) as Error);
  });

  test.each(['x@1.4.0', 'x@4.0.0', 'x@4.0.0+other'])('chooseVersion() says that %s was taken down', (text) => {
    expect(() => chooseVersion(PACKAGE, spec(text))).toThrow(refused('EBPM_TAKEN_DOWN', 'has taken it down'));
  });

  test('chooseVersion() says that all versions were taken down', () => {
    const gone = { ...PACKAGE, tags: {}, versions: [] };
    expect(() => chooseVersion(gone, spec('x'))).toThrow(
      refused('EBPM_VERSION_NOT_FOUND', 'all its versions were taken down'),
    );
  });
});

test('exactVersion() tells an exact version from ranges and tags', () => {
  const texts = ['x@1.0.0', 'x@1.0.0+b', 'x@1.0', 'x@^1.0.0', 'x@=1.0.0', 'x', 'x@next'];
  expect(texts.map((text) => exactVersion(spec(text)))).toEqual([
    '1.0.0',
    '1.0.0',
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
