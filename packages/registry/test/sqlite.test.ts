import { expect, test } from 'vitest';
import { openSqlite } from '../src/sqlite.js';

test('openSqlite() says what to type where the compiled part is missing', () => {
  expect(() => openSqlite('', { nativeBinding: '/no/such.node' })).toThrow(
    expect.objectContaining({
      code: 'EBPM_SQLITE_UNUSABLE',
      hint: expect.stringContaining('npm rebuild better-sqlite3'),
    }),
  );
});

test('openSqlite() leaves what else is wrong as it is', () => {
  expect(() => openSqlite('/no/such/directory/registry.db')).toThrow(TypeError);
});
