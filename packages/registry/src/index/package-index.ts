import { parseVersion } from '@ebpm/formats';
import type Database from 'better-sqlite3';
import type { PackageDraft } from '../fold/package-draft.js';
import type { PackageState, VersionState } from '../fold/package-state.js';
import type { PackageView } from '../fold/package-view.js';
import { squash } from '../fold/squash.js';
import { type PackageRow, packageFromRow, type VersionRow, versionFromRow } from './rows.js';

/** Packages and versions in SQLite: the state that publishes are judged on, and what the API reads. */
export class PackageIndex implements PackageView {
  readonly #package: Database.Statement<[string], PackageRow>;
  readonly #version: Database.Statement<[string, string], VersionRow>;
  readonly #versions: Database.Statement<[string], VersionRow>;
  readonly #lookalike: Database.Statement<[string], { name: string }>;
  readonly #digest: Database.Statement<[string], unknown>;
  readonly #putPackage: Database.Statement<[Record<string, unknown>], { id: number }>;
  readonly #putVersion: Database.Statement<[Record<string, unknown>], unknown>;
  readonly #clear: readonly Database.Statement<[], unknown>[];
  readonly #forgetText: Database.Statement<[number], unknown>;
  readonly #putText: Database.Statement<[number, string, string, string], unknown>;

  constructor(database: Database.Database) {
    this.#package = database.prepare('SELECT * FROM packages WHERE name = ?');
    this.#version = database.prepare('SELECT * FROM versions WHERE name = ? AND identity = ?');
    this.#versions = database.prepare('SELECT * FROM versions WHERE name = ? ORDER BY seq, op');
    this.#lookalike = database.prepare('SELECT name FROM packages WHERE squashed = ?');
    this.#digest = database.prepare('SELECT 1 FROM versions WHERE digest = ?');
    this.#putPackage = database.prepare(`
      INSERT INTO packages (name, squashed, owner, tags, shown) VALUES (@name, @squashed, @owner, @tags, @shown)
      ON CONFLICT (name) DO UPDATE SET owner = @owner, tags = @tags, shown = @shown RETURNING id`);
    this.#putVersion = database.prepare(`
      INSERT INTO versions VALUES (@name, @identity, @version, @digest, @size, @files, @manifest, @publisher,
        @factsVersion, @seq, @op, @publishedAt)`);
    this.#clear = ['packages', 'versions', 'search'].map((table) => database.prepare(`DELETE FROM ${table}`));
    this.#forgetText = database.prepare('DELETE FROM search WHERE rowid = ?');
    this.#putText = database.prepare('INSERT INTO search (rowid, name, keywords, description) VALUES (?, ?, ?, ?)');
  }

  package(name: string): PackageState | undefined {
    const row = this.#package.get(name);
    return row && packageFromRow(row);
  }

  version(name: string, identity: string): VersionState | undefined {
    const row = this.#version.get(name, identity);
    return row && versionFromRow(row);
  }

  /** All versions of a package, oldest publication first. */
  versions(name: string): VersionState[] {
    return this.#versions.all(name).map(versionFromRow);
  }

  lookalike(squashed: string): string | undefined {
    return this.#lookalike.get(squashed)?.name;
  }

  /** Whether a version has this digest (`sha256:<hex>`); blobs of no version are not served. */
  hasDigest(digest: string): boolean {
    return this.#digest.get(digest) !== undefined;
  }

  /** Writes what a draft on this state changed. To be called inside the transaction that moves the position. */
  write(draft: PackageDraft): void {
    const { packages, versions } = draft.changes();
    for (const { at, ...version } of versions) {
      this.#putVersion.run({
        ...version,
        seq: at.seq,
        op: at.index,
        identity: parseVersion(version.version),
        files: JSON.stringify(version.files),
        manifest: JSON.stringify(version.manifest),
      });
    }
    for (const state of packages) this.#writePackage(state);
  }

  /** Forgets everything. */
  clear(): void {
    for (const statement of this.#clear) statement.run();
  }

  #writePackage(state: PackageState): void {
    const row = { ...state, squashed: squash(state.name), tags: JSON.stringify(state.tags) };
    const id = this.#putPackage.get(row)?.id;
    if (id === undefined) throw new TypeError(`package "${state.name}" got no row`);
    const manifest = this.version(state.name, parseVersion(state.shown))?.manifest ?? {};
    this.#forgetText.run(id);
    this.#putText.run(id, state.name, texts(manifest['keywords']).join(' '), texts(manifest['description']).join(' '));
  }
}

/** The strings in a field of a manifest: the log is older than any schema that it passed. */
function texts(value: unknown): string[] {
  return [value].flat().filter((item) => typeof item === 'string');
}
