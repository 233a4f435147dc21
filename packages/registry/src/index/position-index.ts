import type Database from 'better-sqlite3';
import type { VoidOperation } from '../fold/operation-place.js';
import type { Position } from '../log/entry.js';
import type { FoldPosition } from '../log/log-fold.js';
import type { LogName } from '../stores/keys.js';

/** How far a log has been folded, and which of its operations are void. */
export class PositionIndex {
  readonly #log: LogName;
  readonly #get: Database.Statement<[LogName], FoldPosition>;
  readonly #rules: Database.Statement<[LogName], { rules: number }>;
  readonly #put: Database.Statement<[{ log: LogName; seq: number; hash: string; rules: number }], unknown>;
  readonly #putVoid: Database.Statement<[LogName, number, number, string], unknown>;
  readonly #void: Database.Statement<[LogName, number, number], unknown>;
  readonly #clear: readonly Database.Statement<[LogName], unknown>[];

  constructor(database: Database.Database, log: LogName) {
    this.#log = log;
    this.#get = database.prepare('SELECT identity, seq, hash FROM positions WHERE log = ?');
    this.#rules = database.prepare('SELECT rules FROM positions WHERE log = ?');
    // The first entry that is put is entry 1, whose hash is the log's identity.
    this.#put = database.prepare(`
      INSERT INTO positions VALUES (@log, @hash, @seq, @hash, @rules)
      ON CONFLICT (log) DO UPDATE SET seq = @seq, hash = @hash, rules = @rules`);
    this.#putVoid = database.prepare('INSERT INTO voids VALUES (?, ?, ?, ?)');
    this.#void = database.prepare('SELECT 1 FROM voids WHERE log = ? AND seq = ? AND op = ?');
    this.#clear = ['positions', 'voids'].map((table) => database.prepare(`DELETE FROM ${table} WHERE log = ?`));
  }

  get(): FoldPosition | undefined {
    return this.#get.get(this.#log);
  }

  /** The number of the rules in force; 1 before any entry has said more. */
  rules(): number {
    return this.#rules.get(this.#log)?.rules ?? 1;
  }

  put(folded: Position & { readonly rules: number }): void {
    this.#put.run({ log: this.#log, ...folded });
  }

  putVoid({ at, reason }: VoidOperation): void {
    this.#putVoid.run(this.#log, at.seq, at.index, reason);
  }

  isVoid(seq: number, index: number): boolean {
    return this.#void.get(this.#log, seq, index) !== undefined;
  }

  clear(): void {
    for (const statement of this.#clear) statement.run(this.#log);
  }
}
