import { EbpmError } from '@ebpm/formats';
import type Database from 'better-sqlite3';
import type { FoldContext, VoidOperation } from '../fold/operation-place.js';
import type { FoldVerdict } from '../fold/verdict.js';
import type { Entry } from '../log/entry.js';
import type { FoldPosition, LogFold, Verdict } from '../log/log-fold.js';
import { type Op, rulesOf, rulesWith } from '../log/op.js';
import type { LogName } from '../stores/keys.js';
import { inTransaction } from './in-transaction.js';
import { PositionIndex } from './position-index.js';

/** How one log is folded, and where its state lies. */
export interface IndexFoldOptions<Draft> {
  readonly log: LogName;
  readonly database: Database.Database;
  /** A draft on the state as it stands. */
  draft(): Draft;
  fold(draft: Draft, op: Op, context: FoldContext): FoldVerdict | undefined;
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
    inTransaction(database, () => {
      this.#position.clear();
      clear();
    });
  }

  apply(entries: readonly Entry[]): void {
    const { database, draft: newDraft, fold, write } = this.#options;
    inTransaction(database, () => {
      const draft = newDraft();
      let rules = this.#position.rules();
      for (const { seq, time, hash, ops } of entries) {
        for (const { index, op } of ops) {
          // A hidden or erased operation.
          if (op === undefined) continue;
          rules = Math.max(rules, rulesOf(op) ?? 0);
          fold(draft, op, { at: { seq, index }, time, rules });
        }
        this.#position.put({ seq, hash, rules });
      }
      write(draft);
      for (const operation of draft.changes().voids) this.#position.putVoid(operation);
    });
  }

  check(ops: readonly Op[]): readonly Verdict[] {
    const { log, draft: newDraft, fold, refusal } = this.#options;
    const draft = newDraft();
    const position = this.position();
    const seq = (position?.seq ?? 0) + 1;
    let rules = this.#position.rules();
    return ops.map((op, index) => {
      const wanted = op.type === 'upgrade' ? rulesOf(op) : undefined;
      if (position !== undefined && wanted !== undefined && wanted <= rules) return { kind: 'already', seq: seq - 1 };
      const error = rulesRefusal(log, op, rules) ?? refusal?.(op);
      if (error !== undefined) return { kind: 'refuse', error };
      rules = Math.max(rules, wanted ?? 0);
      return toLogVerdict(fold(draft, op, { at: { seq, index }, time: UNKNOWN_TIME, rules }), seq);
    });
  }
}

/** An operation that is only judged has no entry yet, and the rules do not look at times. */
const UNKNOWN_TIME = '1970-01-01T00:00:00.000Z';

/** What a newer version can write and the rules in force do not know: older ones that read the log would not understand it. */
function rulesRefusal(log: LogName, op: Op, rules: number): EbpmError | undefined {
  const wanted = Math.max(rulesWith(log, op.type) ?? 0, RULES_2_FIELDS.some((field) => field in op) ? 2 : 0);
  if (op.type === 'genesis' || op.type === 'upgrade' || wanted <= rules) return undefined;
  const message = `Cannot write "${op.type}" to "${log}": it needs rules ${wanted}, and the log has rules ${rules}`;
  return new EbpmError('EBPM_LOG_RULES_OLD', message, {
    hint: 'when every ebpm-registry on the store is of this version: ebpm-registry upgrade --store STORE',
    data: { log, rules, wanted },
  });
}

/** Fields of operations that rules 1 know, to which rules 2 gave a meaning. */
const RULES_2_FIELDS = ['as', 'visibility', 'allow', 'names', 'from', 'label'];

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
