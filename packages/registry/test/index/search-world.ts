import type Database from 'better-sqlite3';
import { openDatabase } from '../../src/index/open-database.js';
import { packageFold } from '../../src/index/package-fold.js';
import { PackageIndex } from '../../src/index/package-index.js';
import { SearchIndex, type SearchRequest } from '../../src/index/search-index.js';
import type { JsonValue, Op } from '../../src/log/op.js';
import { Permits } from '../../src/publish/permits.js';
import { ALICE, publishOp } from '../fold/publish-op.js';

/** When everything is looked for. */
export const NOW = Date.parse('2026-01-01T00:00:00Z');

/** A package to be found. */
export interface Sample {
  readonly name: string;
  readonly manifest?: Readonly<Record<string, JsonValue>>;
  readonly sections?: readonly string[];
  readonly by?: string;
  readonly visibility?: 'private';
  readonly version?: string;
  /** What a publish has of its facts. */
  readonly facts?: Readonly<Record<string, JsonValue>>;
}

/** Indexes that hold some packages, until they are closed. */
export class SearchWorld {
  readonly #open: Database.Database[] = [];

  /** An index with these packages, published a day ago, and a way to add more. */
  indexOf(...samples: readonly Sample[]) {
    const database = openDatabase(undefined);
    this.#open.push(database);
    const packages = new PackageIndex(database);
    const fold = packageFold(database, packages, new Permits());
    let seq = 0;
    const write = (ops: readonly Op[]) => {
      seq++;
      const hash = String(seq).padStart(64, '0');
      fold.apply([
        {
          seq,
          hash,
          prev: '0'.repeat(64),
          nonce: '0'.repeat(32),
          writer: 'test',
          time: new Date(NOW - 86_400_000 + seq * 1000).toISOString(),
          ops: ops.map((op, index) => ({ index, hash, op })),
        },
      ]);
    };
    write([{ type: 'genesis', salt: '0'.repeat(32), by: 'registry', auth: 0, rules: 2, registry: '0'.repeat(32) }]);
    const add = (...more: readonly Sample[]) => write(more.map(opOf));
    add(...samples);
    const search = new SearchIndex(database, packages);
    const page = (text: string, more: Partial<SearchRequest> = {}) =>
      search.search({ text, limit: 100, nowMs: NOW, ...more });
    const names = (text: string, more: Partial<SearchRequest> = {}) => page(text, more).results.map(({ name }) => name);
    return { add, page, names, packages };
  }

  close(): void {
    for (const database of this.#open.splice(0)) database.close();
  }
}

function opOf({
  name,
  manifest = {},
  sections = [],
  by = ALICE,
  visibility,
  version = '1.0.0',
  facts = {},
}: Sample): Op {
  const op = publishOp({ name, version, by, ...(visibility !== undefined && { visibility }) });
  return { ...op, manifest: { manifest: 1, name, version, ...manifest }, sections: [...sections], ...facts };
}
