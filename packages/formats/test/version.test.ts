import { describe, expect, test } from 'vitest';
import {
  compareVersions,
  highestInRange,
  isPrerelease,
  isRange,
  isVersion,
  parseRange,
  parseVersion,
} from '../src/index.js';

describe('parseVersion()', () => {
  test.each([
    ['1.0.0', '1.0.0'],
    ['1.0.0-rc.1', '1.0.0-rc.1'],
    ['1.0.0+build.5', '1.0.0'],
    ['0.0.0', '0.0.0'],
  ])('parseVersion() reads %j as %j', (text, version) => {
    expect(parseVersion(text)).toBe(version);
    expect(isVersion(text)).toBe(true);
  });

  test.each([
    '',
    '1',
    '1.0',
    'v1.0.0',
    '=1.0.0',
    ' 1.0.0',
    '1.0.0\n',
    '01.0.0',
    '1.0.0-',
    '1.0.0-01',
    `1.0.0-${'a'.repeat(200)}`,
  ])('parseVersion() refuses %j', (text) => {
    expect(() => parseVersion(text)).toThrow(expect.objectContaining({ code: 'EBPM_VERSION_INVALID' }));
    expect(isVersion(text)).toBe(false);
  });
});

describe('parseRange()', () => {
  test.each(['1', '^1.2', '1.x', '*', '>=1 <3', '1.0.0 || 2.0.0', '1.0.0 - 2.0.0'])(
    'parseRange() allows %j',
    (range) => {
      expect(parseRange(range)).toBe(range);
    },
  );

  test.each(['', ' ', 'next', '1.2.3.4', '>=', '1'.repeat(300)])('parseRange() refuses %j', (range) => {
    expect(() => parseRange(range)).toThrow(expect.objectContaining({ code: 'EBPM_VERSION_INVALID' }));
    expect(isRange(range)).toBe(false);
  });
});

describe('compareVersions()', () => {
  test('compareVersions() orders by the rules of semver', () => {
    const versions = ['1.10.0', '1.9.0', '1.10.0-rc.1', '1.10.0-rc.10', '1.10.0-rc.9'];
    expect(versions.sort(compareVersions)).toEqual(['1.9.0', '1.10.0-rc.1', '1.10.0-rc.9', '1.10.0-rc.10', '1.10.0']);
  });
});

describe('highestInRange()', () => {
  test.each([
    ['^1.0.0', '1.2.0'],
    ['*', '2.0.0'],
    ['^3.0.0-rc.0', '3.0.0-rc.2'],
    ['3.x', undefined],
    ['^9.0.0', undefined],
  ])('highestInRange() chooses for %j the version %j', (range, version) => {
    expect(highestInRange(['1.0.0', '1.2.0', '2.0.0', '3.0.0-rc.1', '3.0.0-rc.2'], range)).toBe(version);
  });
});

describe('isPrerelease()', () => {
  test('isPrerelease() is true of a prerelease only', () => {
    expect([isPrerelease('1.0.0-rc.1'), isPrerelease('1.0.0')]).toEqual([true, false]);
  });
});
