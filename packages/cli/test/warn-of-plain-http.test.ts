import { describe, expect, test } from 'vitest';
import { warnOfPlainHttp } from '../src/warn-of-plain-http.js';

function warning(registry: string): string {
  let text = '';
  warnOfPlainHttp(registry, {
    write: (chunk) => {
      text += chunk;
    },
  });
  return text;
}

describe('warnOfPlainHttp()', () => {
  test.each(['http://hub.example.org', 'http://10.0.0.1:8420', 'http://localhost.example.org'])(
    'warnOfPlainHttp() warns of %s',
    (registry) => {
      expect(warning(registry)).toBe(
        `warning: "${registry}" is not encrypted: everybody on the way can read the token\n`,
      );
    },
  );

  test.each(['https://hub.example.org', 'http://localhost:8420', 'http://127.0.0.1:8420', 'http://[::1]:8420'])(
    'warnOfPlainHttp() does not warn of %s',
    (registry) => {
      expect(warning(registry)).toBe('');
    },
  );
});
