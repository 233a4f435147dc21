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
import { type Op, RULES } from '../../src/log/op.js';
import { Permits } from '../../src/publish/permits.js';
import { StoreError } from '../../src/stores/store-error.js';
import { anyOperation } from '../fold/any-operation.js';
import { ALICE, publishOp, someOp } from '../fold/publish-op.js';

const open: Database.Database[] = [];
const directories: string[] = [];
afterEach(() => {
  for (const database of open.splice(0)) database.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function openFold(directory?: string): { readonly database: Database.Database; readonly fold: LogFold } {
  const database = openDatabase(directory);
  open.push(database);
  return { database, fold: packageFold(database, new PackageIndex(database), new Permits()) };
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

function genesis(rules: number): Op {
  return someOp('genesis', { by: 'registry', rules, registry: '0'.repeat(32) });
}

/** All that a fold derives, in an order of its own. */
function tables(database: Database.Database): unknown {
  const rows = (sql: string) => database.prepare(sql).all();
  return {
    positions: rows('SELECT * FROM positions ORDER BY log'),
    voids: rows('SELECT * FROM voids ORDER BY log, seq, op'),
    packages: rows(`
      SELECT name, squashed, owners, tags, shown, visibility, deprecated, taken_down, seq, op FROM packages ORDER BY name`),
    keys: rows('SELECT * FROM keys ORDER BY id'),
    condemned: rows('SELECT * FROM condemned ORDER BY digest'),
    versions: rows('SELECT * FROM versions ORDER BY name, identity'),
    search: rows('SELECT name, level, published_ms, is_private FROM search_packages ORDER BY name'),
  };
}

const anyLog = fc
  .array(fc.array(anyOperation, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((entries) => [entryOf(1, [genesis(RULES)]), ...entries.map((ops, i) => entryOf(i + 2, ops))]);

describe('IndexFold', () => {
  it('apply() changes nothing when the disk is full, and can be tried again', () => {
    const { database, fold } = openFold(newDirectory());
    fold.apply([entryOf(1, [genesis(RULES)])]);
    const before = tables(database);
    const pages = Number(database.pragma('page_count', { simple: true }));
    database.pragma(`max_page_count = ${pages}`);
    const manifest = { description: 'x'.repeat(4_000) };
    const ops = Array.from({ length: 50 }, (_, i) => ({ ...publishOp({ version: `1.${i}.0` }), manifest }));
    expect(() => fold.apply([entryOf(2, ops)])).toThrow(StoreError);
    expect(tables(database)).toEqual(before);
    expect(fold.position()?.seq).toBe(1);
    database.pragma(`max_page_count = ${pages * 100}`);
    fold.apply([entryOf(2, ops)]);
    expect(fold.position()?.seq).toBe(2);
  });

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
      fc.property(anyLog, fc.array(anyOperation, { minLength: 1, maxLength: 5 }), (log, ops) => {
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

  it('never accepts other contents for a version, whatever was done to it', () => {
    fc.assert(
      fc.property(fc.array(anyOperation, { minLength: 20, maxLength: 60 }), (ops) => {
        const { fold } = openFold();
        fold.apply([entryOf(1, [genesis(RULES)])]);
        const contents = new Map<string, unknown>();
        ops.forEach((op, i) => {
          const [verdict] = fold.check([op]);
          fold.apply([entryOf(i + 2, [op])]);
          if (op.type !== 'publish' || verdict?.kind !== 'accept') return;
          const identity = `${op['name']}@${String(op['version']).split('+')[0]}`;
          expect(contents.get(identity)).toBeUndefined();
          contents.set(identity, op['digest']);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('comes to the same packages when a version that was taken down was also erased from the log', () => {
    const down = { by: 'operator', name: 'b', version: '1.1.0', digest: `sha256:${'a'.repeat(64)}` };
    const log = [
      [genesis(RULES)],
      [
        publishOp({ name: 'b' }),
        publishOp({ name: 'b', version: '1.1.0' }),
        publishOp({ name: 'b', version: '1.0.5' }),
      ],
      [someOp('takedown', { ...down, reason: 'malware', owners: [ALICE], visibility: 'public' })],
    ].map((ops, i) => entryOf(i + 1, ops));
    const whole = openFold();
    whole.fold.apply(log);
    const erased = openFold();
    erased.fold.apply(
      log.map((entry) => ({ ...entry, ops: entry.ops.map((op) => (isErased(op) ? { ...op, op: undefined } : op)) })),
    );
    expect(tables(erased.database)).toEqual(tables(whole.database));
    expect(tables(whole.database)).toMatchObject({ packages: [{ tags: '{"latest":"1.0.5"}' }] });
    expect(whole.fold.check([publishOp({ name: 'b', version: '1.1.0' })])).toMatchObject([
      { kind: 'refuse', error: { code: 'EBPM_TAKEN_DOWN' } },
    ]);
  });

  it('takes what rules 2 know only once an upgrade has put them in force', () => {
    const { database, fold } = openFold();
    fold.apply([entryOf(1, [genesis(1)]), entryOf(2, [publishOp({})])]);
    const yank = someOp('yank', { name: 'sigsnoop', version: '1.0.0' });
    const old = { kind: 'refuse', error: { code: 'EBPM_LOG_RULES_OLD' } };
    expect(fold.check([yank, publishOp({ version: '2.0.0', as: ALICE })])).toMatchObject([old, old]);
    fold.apply([entryOf(3, [yank])]);
    expect(tables(database)).toMatchObject({ voids: [{ seq: 3, reason: 'unknown' }] });
    const upgrade = someOp('upgrade', { by: 'operator', rules: RULES });
    expect(fold.check([upgrade, yank])).toEqual([{ kind: 'accept' }, { kind: 'accept' }]);
    fold.apply([entryOf(4, [upgrade])]);
    expect(fold.check([upgrade, yank])).toEqual([{ kind: 'already', seq: 4 }, { kind: 'accept' }]);
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

function isErased({ op }: Entry['ops'][number]): boolean {
  return op?.type === 'publish' && op['version'] === '1.1.0';
}
