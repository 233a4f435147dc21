import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/index/open-database.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-index-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const insert = "INSERT INTO users VALUES ('u', 1, 0, '2026-01-01T00:00:00.000Z', NULL)";
const count = 'SELECT count(*) FROM users';

describe('openDatabase()', () => {
  it('keeps its tables in the directory', () => {
    const first = openDatabase(directory);
    first.exec(insert);
    first.close();
    const second = openDatabase(directory);
    expect(second.prepare(count).pluck().get()).toBe(1);
    second.close();
  });

  it('refuses a directory that is in use with EBPM_REGISTRY_DATA_BUSY', () => {
    const first = openDatabase(directory);
    expect(() => openDatabase(directory)).toThrow(expect.objectContaining({ code: 'EBPM_REGISTRY_DATA_BUSY' }));
    first.close();
  });

  it.each([
    [
      'of another schema',
      () => {
        const database = openDatabase(directory);
        database.exec(insert);
        database.pragma('user_version = 999');
        database.close();
      },
    ],
    ['that is no database', () => writeFileSync(join(directory, 'registry.db'), 'x'.repeat(5000))],
  ])('makes a file %s anew', (_what, spoil) => {
    spoil();
    const database = openDatabase(directory);
    expect(database.prepare(count).pluck().get()).toBe(0);
    database.close();
  });

  it('makes the directory for this user alone', () => {
    const inner = join(directory, 'a', 'b');
    openDatabase(inner).close();
    expect(statSync(inner).mode & 0o777).toBe(0o700);
  });

  it('leaves no file anywhere without a directory, and no two share one', () => {
    const [one, two] = [openDatabase(undefined), openDatabase(undefined)];
    one.exec(insert);
    expect(two.prepare(count).pluck().get()).toBe(0);
    one.close();
    two.close();
  });
});
