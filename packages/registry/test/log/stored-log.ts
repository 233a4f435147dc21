import { type Position, START } from '../../src/log/entry.js';
import { readEntry } from '../../src/log/read-entry.js';
import { completeOp, opLine, writeEntry } from '../../src/log/write-entry.js';
import { entryKey } from '../../src/stores/keys.js';
import type { Store } from '../../src/stores/store.js';
import { publish } from './version-fold.js';

/** Writes entries, one version each, behind each other into an empty store, as a registry would that has all the time. */
export async function writeLog(store: Store, count: number): Promise<Position> {
  let head = START;
  for (let seq = 1; seq <= count; seq++) {
    const op =
      seq === 1
        ? ({ type: 'genesis', by: 'registry', rules: 1, registry: 'ab'.repeat(16) } as const)
        : publish(`1.0.${seq}`);
    const line = opLine(completeOp(op, seq.toString(16).padStart(32, '0'), 0));
    const nonce = seq.toString(16).padStart(32, '0');
    const bytes = writeEntry({ after: head, nonce, writer: 'w', timeMs: Date.UTC(2026, 0, 1), opLines: [line] });
    await store.create(entryKey('log', seq), bytes);
    head = readEntry(bytes, { log: 'log', seq, prev: head.hash });
  }
  return head;
}
