import { EbpmError } from '@ebpm/formats';
import type Database from 'better-sqlite3';
import type { OperationPlace, VoidOperation } from '../fold/operation-place.js';
import type { FoldVerdict } from '../fold/verdict.js';
import type { Entry } from '../log/entry.js';
import type { FoldPosition, LogFold, Verdict } from '../log/log-fold.js';
import type { Op } from '../log/op.js';
import type { LogName } from '../stores/keys.js';
import { PositionIndex } from './position-index.js';

/** How one log is folded, and where its state lies. */
export interface IndexFoldOptions<Draft> {
  readonly log: LogName;
  readonly database: Database.Database;
  /** A draft on the state as it stands. */
  draft(): Draft;
  fold(draft: Draft, op: Op, at: OperationPlace, time: string): FoldVerdict | undefined;
  /** Writes what the draft changed. */
  write(draft: Draft): void;
  /** Empties the tables that `write` fills. */
  clear(): void;
  /** Why an operation must not be written although the rules allow it: who asked for it may not any more. */
  refusal?(op: Op): EbpmError | undefined;
}

/** The fold of a log into SQLite. State and position move in the same transaction, so that a crash leaves both or neither. */
export class IndexFold<Draft extends { changes(): { readonly voids: readonly VoidOperation[] } }> implements LogFold {
  readonly #options: IndexFoldOptions<Draft>;
  readonly #position: PositionIndex;

  constructor(options: IndexFoldOptions<Draft>) {
    this.#options = options;
    this.#position = new PositionIndex(options.database, options.log);
  }

  position(): FoldPosition | undefined {
    return this.#position.get();
  }

  reset(): void {
    const { database, clear } = this.#options;
    database.transaction(() => {
      this.#position.clear();
      clear();
    })();
  }

  apply(entries: readonly Entry[]): void {
    const { database, draft: newDraft, fold, write } = this.#options;
    database.transaction(() => {
      const draft = newDraft();
      for (const entry of entries) {
        this.#position.put(entry);
        for (const { index, op } of entry.ops) {
          if (op !== undefined) fold(draft, op, { seq: entry.seq, index }, entry.time);
        }
      }
      write(draft);
      for (const operation of draft.changes().voids) this.#position.putVoid(operation);
    })();
  }

  check(ops: readonly Op[]): readonly Verdict[] {
    const { draft: newDraft, fold, refusal } = this.#options;
    const draft = newDraft();
    const seq = (this.position()?.seq ?? 0) + 1;
    return ops.map((op, index) => {
      const error = refusal?.(op);
      if (error !== undefined) return { kind: 'refuse', error };
      return toLogVerdict(fold(draft, op, { seq, index }, UNKNOWN_TIME), seq);
    });
  }
}

/** An operation that is only judged has no entry yet, and the rules do not look at times. */
const UNKNOWN_TIME = '1970-01-01T00:00:00.000Z';

/** @param next the number of the entry that the judged operations would be in */
function toLogVerdict(verdict: FoldVerdict | undefined, next: number): Verdict {
  switch (verdict?.kind) {
    case 'repeated':
      return verdict.at.seq === next
        ? { kind: 'same', index: verdict.at.index }
        : { kind: 'already', seq: verdict.at.seq };
    case 'refused':
      return { kind: 'refuse', error: new EbpmError(verdict.code, verdict.message, verdict.options) };
    case 'unknown':
      return { kind: 'refuse', error: new EbpmError('EBPM_INTERNAL', 'Cannot write an operation: no rule knows it') };
    default:
      return { kind: 'accept' };
  }
}
