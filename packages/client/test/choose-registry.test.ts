import { describe, expect, test } from 'vitest';
import { chooseRegistry, registryAt } from '../src/choose-registry.js';
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

  test.each([
    [
      'its registry before the environment',
      { env: 'https://a.example', name: '@acme/x' },
      'https://acme.example',
      'tp',
    ],
    ['the flag before it', { flag: 'https://b.example', name: '@acme/x' }, 'https://b.example', 'tb'],
    ['the scope alone', { name: '@acme' }, 'https://acme.example', 'tp'],
    ['no other scope', { name: '@acmes/x' }, 'https://a.example', 'ta'],
    ['no property of objects', { name: '@constructor/x' }, 'https://a.example', 'ta'],
    ['no EBPM_TOKEN for it', { token: 'te', name: '@acme/x' }, 'https://acme.example', 'tp'],
  ])('chooseRegistry() takes, for a name in a scope, %s', (_what, wish, url, token) => {
    const tokens = { ...KNOWN.tokens, 'https://acme.example': 'tp' };
    expect(chooseRegistry(wish, { ...KNOWN, tokens, scopes: { '@acme': 'https://acme.example' } })).toEqual({
      url,
      token,
    });
  });

  test('registryAt() gives EBPM_TOKEN to no registry that only a lockfile names', () => {
    const at = (url: string, wish = {}) => registryAt(url, { token: 'te', ...wish }, KNOWN).token;
    expect(at('https://evil.example')).toBeUndefined();
    expect(at('https://b.example')).toBe('tb');
    expect(at('https://a.example/')).toBe('te');
    expect(at('https://b.example', { env: 'https://b.example' })).toBe('te');
    expect(registryAt('https://evil.example', { token: 'te' }, { tokens: {} }).token).toBeUndefined();
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
