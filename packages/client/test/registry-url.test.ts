import { describe, expect, test } from 'vitest';
import { registryUrl } from '../src/registry-url.js';
import { refused } from './refused.js';

describe('registryUrl()', () => {
  test.each([
    ['https://hub.example.org', 'https://hub.example.org'],
    ['HTTPS://Hub.Example.Org:443/', 'https://hub.example.org'],
    ['http://127.0.0.1:8420/team//', 'http://127.0.0.1:8420/team'],
    ['https://hub.example.org/x?a=1#b', 'https://hub.example.org/x'],
  ])('registryUrl() turns %s into %s', (text, url) => {
    expect(registryUrl(text)).toBe(url);
  });

  test.each(['', 'hub.example.org', 'ftp://hub.example.org', 'https://', 'https://me:secret@hub.example.org'])(
    'registryUrl() refuses "%s"',
    (text) => {
      expect(() => registryUrl(text)).toThrow(refused('EBPM_REGISTRY_URL_INVALID') as Error);
    },
  );

  test('registryUrl() does not repeat a password', () => {
    expect(() => registryUrl('https://me:secret@hub.example.org')).toThrow(/^(?!.*secret)/);
  });
});
