import { describe, expect, test } from 'vitest';
import { chooseRegistry } from '../src/choose-registry.js';
import { refused } from './refused.js';

const KNOWN = { default: 'https://a.example', tokens: { 'https://a.example': 'ta', 'https://b.example': 'tb' } };

describe('chooseRegistry()', () => {
  test.each([
    ['the flag first', { flag: 'https://b.example/', env: 'https://c.example' }, 'https://b.example', 'tb'],
    ['then the environment', { env: 'https://c.example' }, 'https://c.example', undefined],
    ['then the default', {}, 'https://a.example', 'ta'],
    ['EBPM_TOKEN before a kept one', { token: 'te' }, 'https://a.example', 'te'],
    ['EBPM_TOKEN for EBPM_REGISTRY', { env: 'https://b.example', token: 'te' }, 'https://b.example', 'te'],
    ['EBPM_TOKEN with --registry alone', { flag: 'https://c.example', token: 'te' }, 'https://c.example', 'te'],
    [
      'no EBPM_TOKEN of another registry',
      { flag: 'https://b.example', env: 'https://c.example', token: 'te' },
      'https://b.example',
      'tb',
    ],
    ['no empty ones', { flag: '', env: '', token: '' }, 'https://a.example', 'ta'],
  ])('chooseRegistry() takes %s', (_what, wish, url, token) => {
    expect(chooseRegistry(wish, KNOWN)).toEqual({ url, token });
  });

  test('chooseRegistry() has no built-in default, and says what to type', () => {
    expect(() => chooseRegistry({}, { tokens: {} })).toThrow(
      expect.objectContaining({ code: 'EBPM_REGISTRY_UNSET', hint: expect.stringContaining('ebpm login --registry') }),
    );
  });

  test('chooseRegistry() refuses a URL that is none', () => {
    expect(() => chooseRegistry({ env: 'nowhere' }, KNOWN)).toThrow(refused('EBPM_REGISTRY_URL_INVALID') as Error);
  });
});
