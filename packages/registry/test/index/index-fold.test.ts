import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/index/open-database.js';
import { packageFold } from '../../src/index/package-fold.js';
import { PackageIndex } from '../../src/index/package-index.js';
import type { Entry } from '../../src/log/entry.js';
import type { LogFold } from '../../src/log/log-fold.js';
import type { Op } from '../../src/log/op.js';
import { Permits } from '../../src/publish/permits.js';
import { publishOp } from '../fold/publish-op.js';

const open: Database.Database[] = [];
const directories: string[] = [];
afterEach(() => {
  for (const database of open.splice(0)) database.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function openFold(directory?: string): { readonly database: Database.Database; readonly fold: LogFold } {
  const database = openDatabase(directory);
  open.push(database);
  return { database, fold: packageFold(database, new PackageIndex(database), new Permits(() => undefined)) };
}

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ebpm-index-'));
  directories.push(directory);
  return directory;
}

function entryOf(seq: number, ops: readonly Op[]): Entry {
  const hash = String(seq).padStart(64, '0');
  return {
    seq,
    hash,
    prev: '0'.repeat(64),
    nonce: '0'.repeat(32),
    writer: 'test',
    time: new Date(seq * 1000).toISOString(),
    ops: ops.map((op, index) => ({ index, hash, op })),
  };
}

/** All that a fold derives, in an order of its own. */
function tables(database: Database.Database): unknown {
  const rows = (sql: string) => database.prepare(sql).all();
  return {
    positions: rows('SELECT * FROM positions ORDER BY log'),
    voids: rows('SELECT * FROM voids ORDER BY log, seq, op'),
    packages: rows('SELECT name, squashed, owner, tags, shown FROM packages ORDER BY name'),
    versions: rows('SELECT * FROM versions ORDER BY name, identity'),
    search: rows('SELECT name, keywords, description FROM search ORDER BY name'),
  };
}

const anyOp = fc
  .record({
    name: fc.constantFrom('a', 'b', 'a-b', 'a.b', '@x/a'),
    version: fc.constantFrom('1.0.0', '1.0.0+b', '1.1.0', '2.0.0-rc.1', '0.9.0', 'bad'),
    digest: fc.constantFrom(`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`),
    by: fc.constantFrom(`u_${'1'.repeat(32)}`, `u_${'2'.repeat(32)}`),
    tag: fc.option(fc.constantFrom('next', 'latest', 'v1'), { nil: undefined }),
  })
  .map(({ tag, ...rest }) => publishOp({ ...rest, ...(tag !== undefined && { tag }) }));
const anyLog = fc
  .array(fc.array(anyOp, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((entries) => entries.map((ops, i) => entryOf(i + 1, ops)));

describe('IndexFold', () => {
  it('comes to the same tables in one go, entry by entry, and with stops in between', () => {
    fc.assert(
      fc.property(anyLog, fc.array(fc.nat(3), { maxLength: 8 }), (log, cuts) => {
        const whole = openFold();
        whole.fold.apply(log);
        const single = openFold();
        for (const entry of log) single.fold.apply([entry]);
        const stopped = openFold();
        for (let at = 0, i = 0; at < log.length; i++) {
          const size = (cuts[i] ?? 0) + 1;
          stopped.fold.apply(log.slice(at, at + size));
          at += size;
        }
        expect(tables(single.database)).toEqual(tables(whole.database));
        expect(tables(stopped.database)).toEqual(tables(whole.database));
      }),
      { numRuns: 20 },
    );
  });

  it('judges each operation of a call exactly as the fold then does', () => {
    fc.assert(
      fc.property(anyLog, fc.array(anyOp, { minLength: 1, maxLength: 5 }), (log, ops) => {
        const { database, fold } = openFold();
        fold.apply(log);
        const before = tables(database);
        const verdicts = fold.check(ops);
        expect(tables(database)).toEqual(before);
        fold.apply([entryOf(log.length + 1, ops)]);
        const voids = database
          .prepare('SELECT op FROM voids WHERE seq = ?')
          .pluck()
          .all(log.length + 1);
        expect(voids).toEqual(verdicts.flatMap(({ kind }, i) => (kind === 'accept' ? [] : [i])));
      }),
      { numRuns: 20 },
    );
  });

  it('says which earlier operation did the same', () => {
    const { fold } = openFold();
    fold.apply([entryOf(1, [publishOp({ version: '0.1.0' }), publishOp({})])]);
    expect(fold.check([publishOp({}), publishOp({ name: 'new' }), publishOp({ name: 'new' })])).toEqual([
      { kind: 'already', seq: 1 },
      { kind: 'accept' },
      { kind: 'same', index: 1 },
    ]);
  });

  it('refuses to write an operation that no rule knows', () => {
    const { fold } = openFold();
    expect(fold.check([{ ...publishOp({}), type: 'publish', size: -1 }])).toMatchObject([
      { kind: 'refuse', error: { code: 'EBPM_INTERNAL' } },
    ]);
  });

  it('applies all entries of a call or none', () => {
    const { database, fold } = openFold();
    fold.apply([entryOf(1, [publishOp({})])]);
    const before = tables(database);
    const impossible = { ...entryOf(3, [publishOp({ version: '2.0.0' })]), seq: Number.NaN };
    expect(() => fold.apply([entryOf(2, [publishOp({ version: '1.5.0' })]), impossible])).toThrow();
    expect(tables(database)).toEqual(before);
  });

  it('goes on where it was after a restart', () => {
    const directory = newDirectory();
    const first = openFold(directory);
    first.fold.apply([entryOf(1, []), entryOf(2, [publishOp({})])]);
    first.database.close();
    const second = openFold(directory);
    expect(second.fold.position()).toEqual({
      seq: 2,
      hash: String(2).padStart(64, '0'),
      identity: String(1).padStart(64, '0'),
    });
  });

  it('forgets everything when the log is another one', () => {
    const { database, fold } = openFold();
    const empty = tables(database);
    fold.apply([entryOf(1, [publishOp({}), publishOp({ version: 'bad' })])]);
    fold.reset();
    expect(tables(database)).toEqual(empty);
    expect(fold.position()).toBeUndefined();
  });
});
