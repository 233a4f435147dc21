import { describe, expect, it } from 'vitest';
import { checkOptions, type LabOptions } from '../src/lab-options.js';

const FINE: LabOptions = { kernel: '6.1', cacheDir: '/nowhere', command: ['true'] };

describe('checkOptions()', () => {
  it('takes what a guest can use', () => {
    checkOptions({ ...FINE, env: { A_1: '' }, files: { '/a/b..c': new Uint8Array() }, results: ['/x'], deadlineMs: 1 });
  });

  it.each<[string, Partial<LabOptions>]>([
    ['an empty command', { command: [] }],
    ['an argument with a NUL', { command: ['echo', 'a\0b'] }],
    ['a variable with a NUL', { env: { A: '\0' } }],
    ['a name that is no variable', { env: { 'A B': '' } }],
    ['a variable that runs code', { env: { 'A=$(id)': '' } }],
    ['a command that is too long', { command: ['echo', 'x'.repeat(1024 * 1024)] }],
    ['a relative guest path', { files: { 'a/b': '/x' } }],
    ['a guest path that climbs', { files: { '/a/../b': '/x' } }],
    ['the root as guest path', { files: { '/': '/x' } }],
    ['a guest path that is not normal', { files: { '/a//b': '/x' } }],
    ['a guest path that ends in a slash', { files: { '/a/': '/x' } }],
    ['a result path with a newline', { results: ['/a\n/b'] }],
    ['an empty result path', { results: [''] }],
    ['a deadline of 0', { deadlineMs: 0 }],
    ['a deadline that is no number', { deadlineMs: Number.NaN }],
    ['a deadline that no timer holds', { deadlineMs: 2 ** 31 }],
  ])('refuses %s', (_, options) => {
    expect(() => checkOptions({ ...FINE, ...options })).toThrow(
      expect.objectContaining({ code: 'EBPM_LAB_INPUT_INVALID' }),
    );
  });
});
