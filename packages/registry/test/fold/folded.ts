import { foldPackageOperation } from '../../src/fold/fold-packages.js';
import { PackageDraft } from '../../src/fold/package-draft.js';
import { EMPTY_VIEW } from '../../src/fold/package-view.js';
import { type Op, RULES } from '../../src/log/op.js';

/** The time of all entries. */
export const TIME = '2026-01-01T00:00:00.000Z';

/** Folds operations, one entry each from number 2, and gives the state. */
export function folded(...ops: readonly Op[]) {
  return foldedBy(RULES, ...ops);
}

/** The same by other rules. */
export function foldedBy(rules: number, ...ops: readonly Op[]) {
  const draft = new PackageDraft(EMPTY_VIEW);
  const verdicts = ops.map((op, i) =>
    foldPackageOperation(draft, op, { at: { seq: i + 2, index: 0 }, time: TIME, rules }),
  );
  return { draft, verdicts };
}
