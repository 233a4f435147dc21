import { type Digest, isDigest, parseVersion, type Revocations } from '@ebpm/formats';
import type Database from 'better-sqlite3';
import type { KeyState } from '../fold/key-state.js';
import type { OperationPlace } from '../fold/operation-place.js';
import type { PackageDraft } from '../fold/package-draft.js';
import type { PackageState, Release, VersionState } from '../fold/package-state.js';
import type { Holder, PackageView } from '../fold/package-view.js';
import { skeleton } from '../fold/skeleton.js';
import { squash } from '../fold/squash.js';
import {
  digestFromRow,
  digestToRow,
  type KeyRow,
  keyFromRow,
  type PackageRow,
  packageFromRow,
  VERSION_COLUMNS,
  type VersionRow,
  versionFromRow,
  versionToRow,
} from './rows.js';
import { PRIVATE } from './search-match.js';
import { type SearchablePackage, SearchWriter } from './search-writer.js';

/** Packages and versions in SQLite: the state that publishes are judged on, and what the API reads. */
export class PackageIndex implements PackageView {
  readonly #package: Database.Statement<[string], PackageRow>;
  readonly #version: Database.Statement<[string, string], VersionRow>;
  readonly #versions: Database.Statement<[string], VersionRow>;
  readonly #newestBundles: Database.Statement<[string], { bundles: string }>;
  readonly #archives: Database.Statement<[], { digest: Uint8Array; name: string; version: string }>;
  readonly #allCondemned: Database.Statement<[], { digest: string; seq: number }>;
  readonly #takenDownPackages: Database.Statement<[], { name: string }>;
  readonly #revokedKeys: Database.Statement<[], { id: string }>;
  readonly #takenDown: Database.Statement<[], { digest: Uint8Array }>;
  readonly #lookalike: Database.Statement<[string], { name: string }>;
  readonly #releases: Database.Statement<[string], { version: string; isOffered: number }>;
  readonly #holders: Database.Statement<[Uint8Array], Holder>;
  readonly #confusables: Database.Statement<[string], PackageRow>;
  readonly #key: Database.Statement<[string], KeyRow>;
  readonly #keysOf: Database.Statement<[string], KeyRow>;
  readonly #successor: Database.Statement<[string], { id: string }>;
  readonly #condemned: Database.Statement<[string], OperationPlace>;
  readonly #putPackage: Database.Statement<[Record<string, unknown>], { id: number }>;
  readonly #putVersion: Database.Statement<[VersionRow], unknown>;
  readonly #forgetVersions: Database.Statement<[string], unknown>;
  readonly #putKey: Database.Statement<[Record<string, unknown>], unknown>;
  readonly #condemn: Database.Statement<[string, number, number], unknown>;
  readonly #sweep: Database.Statement<[string], unknown>;
  readonly #clear: readonly Database.Statement<[], unknown>[];
  readonly #scope: Database.Statement<[string, string], unknown>;
  readonly #id: Database.Statement<[string], { id: number }>;
  readonly #search: SearchWriter;
  #sweeps = 0;

  constructor(database: Database.Database) {
    this.#package = database.prepare('SELECT * FROM packages WHERE name = ?');
    this.#version = database.prepare(`SELECT ${VERSION_COLUMNS} FROM versions WHERE name = ? AND identity = ?`);
    this.#versions = database.prepare(`SELECT ${VERSION_COLUMNS} FROM versions WHERE name = ? ORDER BY seq, op`);
    this.#newestBundles = database.prepare(
      'SELECT bundles FROM versions WHERE name = ? AND bundles IS NOT NULL ORDER BY seq DESC, op DESC LIMIT 1',
    );
    this.#archives = database.prepare(
      'SELECT digest, name, version FROM versions WHERE taken_down IS NULL GROUP BY digest',
    );
    this.#allCondemned = database.prepare('SELECT digest, seq FROM condemned ORDER BY digest');
    this.#takenDownPackages = database.prepare(
      "SELECT name FROM packages WHERE taken_down IS NOT NULL AND visibility = 'public'",
    );
    this.#revokedKeys = database.prepare('SELECT id FROM keys WHERE revoked_at IS NOT NULL');
    this.#takenDown = database.prepare('SELECT DISTINCT digest FROM versions WHERE taken_down IS NOT NULL');
    this.#lookalike = database.prepare('SELECT name FROM packages WHERE squashed = ? ORDER BY id LIMIT 1');
    this.#releases = database.prepare(`
      SELECT version, yanked IS NULL AND taken_down IS NULL AS isOffered FROM versions WHERE name = ? ORDER BY seq, op`);
    this.#holders = database.prepare(
      'SELECT name, identity FROM versions WHERE digest = ? AND taken_down IS NULL ORDER BY name, identity',
    );
    this.#confusables = database.prepare('SELECT * FROM packages WHERE skeleton = ? ORDER BY id LIMIT 10');
    this.#key = database.prepare('SELECT * FROM keys WHERE id = ?');
    this.#keysOf = database.prepare('SELECT * FROM keys WHERE owner = ? ORDER BY registered_at, id');
    this.#successor = database.prepare('SELECT id FROM keys WHERE replaces = ? ORDER BY seq, op LIMIT 1');
    this.#condemned = database.prepare('SELECT seq, op AS "index" FROM condemned WHERE digest = ?');
    this.#putPackage = database.prepare(`
      INSERT INTO packages (name, squashed, skeleton, owners, tags, shown, visibility, deprecated, taken_down, seq, op)
      VALUES (@name, @squashed, @skeleton, @owners, @tags, @shown, @visibility, @deprecated, @takenDown, @seq, @op)
      ON CONFLICT (name) DO UPDATE SET owners = @owners, tags = @tags, shown = @shown, visibility = @visibility,
        deprecated = @deprecated, taken_down = @takenDown, seq = @seq, op = @op
      RETURNING id`);
    this.#putVersion = database.prepare(`
      INSERT OR REPLACE INTO versions VALUES (@name, @identity, @version, @digest, @size, @files, @fileHashes, @manifest,
        @publisher, @factsVersion, @factsDigest, @facts, @bundles, @sections, @yanked, @deprecated, @takenDown, @seq, @op, @publishedMs)`);
    this.#forgetVersions = database.prepare('DELETE FROM versions WHERE name = ?');
    this.#putKey = database.prepare(`
      INSERT INTO keys VALUES (@id, @owner, @publicKey, @replaces, @rotation, @seq, @op, @registeredAt, @revokedAt)
      ON CONFLICT (id) DO UPDATE SET seq = @seq, op = @op, revoked_at = @revokedAt`);
    this.#condemn = database.prepare('INSERT OR REPLACE INTO condemned VALUES (?, ?, ?)');
    this.#sweep = database.prepare('DELETE FROM condemned WHERE digest = ?');
    this.#scope = database.prepare('SELECT 1 FROM packages WHERE name >= ? AND name < ? LIMIT 1');
    this.#id = database.prepare('SELECT id FROM packages WHERE name = ?');
    // Another log has other packages, and so other downloads.
    this.#clear = ['packages', 'versions', 'keys', 'condemned', 'downloads', 'download_files'].map((table) =>
      database.prepare(`DELETE FROM ${table}`),
    );
    this.#search = new SearchWriter(database);
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

  /** What was signed of the newest version of a package of which anything was; undefined: nobody has signed one. */
  newestBundles(name: string): string | undefined {
    return this.#newestBundles.get(name)?.bundles;
  }

  /** Every archive that must be there, with a version that has it. */
  *archives(): IterableIterator<{ readonly digest: Digest; readonly name: string; readonly version: string }> {
    for (const { digest, ...version } of this.#archives.iterate()) yield { ...version, digest: digestFromRow(digest) };
  }

  /** How many digests this process has seen swept: while it stays the same, no archive was removed that a publish may name. */
  get sweeps(): number {
    return this.#sweeps;
  }

  /** The digests that are condemned, with the entries that did it. */
  allCondemned(): { readonly digest: string; readonly seq: number }[] {
    return this.#allCondemned.all();
  }

  /** The digests of versions that were taken down. */
  takenDownDigests(): Digest[] {
    return this.#takenDown.all().map(({ digest }) => digestFromRow(digest));
  }

  /** What must not be used any more. The name of a private package is told to nobody, also when it is gone. */
  revoked(): Pick<Revocations, 'keys' | 'digests' | 'packages'> {
    return {
      keys: new Set(this.#revokedKeys.all().map(({ id }) => id)),
      digests: new Set(this.takenDownDigests()),
      packages: new Set(this.#takenDownPackages.all().map(({ name }) => name)),
    };
  }

  /** Whether a package is here in the scope of this name. */
  hasScopeOf(name: string): boolean {
    const scope = /^@[^/]+\//.exec(name)?.[0];
    // "0" is what follows "/".
    return scope !== undefined && this.#scope.get(scope, `${scope.slice(0, -1)}0`) !== undefined;
  }

  lookalike(squashed: string): string | undefined {
    return this.#lookalike.get(squashed)?.name;
  }

  releases(name: string): Release[] {
    return this.#releases.all(name).map(({ version, isOffered }) => ({ version, isOffered: isOffered !== 0 }));
  }

  holders(digest: string): Holder[] {
    return isDigest(digest) ? this.#holders.all(digestToRow(digest)) : [];
  }

  key(id: string): KeyState | undefined {
    const row = this.#key.get(id);
    return row && keyFromRow(row);
  }

  /** The key that took the place of another one; undefined: none did. */
  successorOf(id: string): string | undefined {
    return this.#successor.get(id)?.id;
  }

  /** The keys of a user or an organisation, revoked ones too, in the order of registration. */
  keysOf(owner: string): KeyState[] {
    return this.#keysOf.all(owner).map(keyFromRow);
  }

  condemned(digest: string): OperationPlace | undefined {
    return this.#condemned.get(digest);
  }

  /** Writes what a draft on this state changed. To be called inside the transaction that moves the position. */
  write(draft: PackageDraft): void {
    const { emptied, packages, versions, keys, condemned } = draft.changes();
    for (const name of emptied) this.#forgetVersions.run(name);
    for (const version of versions) this.#putVersion.run(versionToRow(version));
    this.#search.write(packages.map((state) => ({ id: this.#writePackage(state), shown: this.#shown(state, draft) })));
    for (const { at, revokedAt = null, replaces = null, rotation = null, ...key } of keys) {
      this.#putKey.run({ ...key, replaces, rotation, revokedAt, seq: at.seq, op: at.index });
    }
    for (const [digest, at] of condemned) {
      if (at === undefined) this.#noteSwept(digest);
      else this.#condemn.run(digest, at.seq, at.index);
    }
  }

  /** The packages whose names look alike, see `skeleton`, in the order of their first versions. */
  confusables(text: string): PackageState[] {
    return this.#confusables.all(text).map(packageFromRow);
  }

  /** Gives packages their places among the matches of a word, see `levelOf`. To be called inside a transaction. */
  putLevels(levels: Iterable<readonly [name: string, level: number]>): void {
    const changes = [...levels].flatMap(([name, level]) => {
      const id = this.#id.get(name)?.id;
      const state = this.package(name);
      if (id === undefined || state === undefined || this.#search.levelOf(id) === level) return [];
      return [{ id, shown: this.#shown(state), level }];
    });
    this.#search.write(changes);
  }

  /** Forgets everything. */
  clear(): void {
    for (const statement of this.#clear) statement.run();
    this.#search.clear();
  }

  #noteSwept(digest: string): void {
    this.#sweep.run(digest);
    this.#sweeps++;
  }

  /** @returns its number */
  #writePackage(state: PackageState): number {
    const { name, shown, visibility, deprecated = null, takenDown = null, changedAt } = state;
    const id = this.#putPackage.get({
      name,
      squashed: squash(name),
      skeleton: skeleton(name),
      owners: JSON.stringify(state.owners),
      tags: JSON.stringify(state.tags),
      shown,
      visibility,
      deprecated,
      takenDown,
      seq: changedAt.seq,
      op: changedAt.index,
    })?.id;
    if (id === undefined) throw new TypeError(`package "${name}" got no row`);
    return id;
  }

  /** What search shows of a package. */
  #shown(
    { name, shown, visibility, owners, takenDown }: PackageState,
    view: PackageView = this,
  ): SearchablePackage | undefined {
    const version = takenDown === undefined ? view.version(name, parseVersion(shown)) : undefined;
    if (version === undefined || version.takenDown !== undefined) return undefined;
    const isPrivate = visibility === 'private';
    return { ...version, isPrivate, readers: isPrivate ? [PRIVATE, ...owners] : [] };
  }
}
