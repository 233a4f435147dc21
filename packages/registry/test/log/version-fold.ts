import { EbpmError } from '@ebpm/formats';
import type { Entry } from '../../src/log/entry.js';
import type { FoldPosition, LogFold, Verdict } from '../../src/log/log-fold.js';
import type { NewOp, Op } from '../../src/log/op.js';

/** The smallest fold that has something to lose: each version is published once, and its digest never changes. */
export class VersionFold implements LogFold {
  readonly versions = new Map<string, { readonly digest: string; readonly seq: number }>();
  /** Numbers of entries, in the order in which they were applied. */
  readonly applied: number[] = [];
  /** Publishes of what was there already: a sound writer makes none. */
  readonly voided: Op[] = [];
  resets = 0;
  #position: FoldPosition | undefined;

  position(): FoldPosition | undefined {
    return this.#position;
  }

  reset(): void {
    this.resets++;
    this.versions.clear();
    this.applied.length = 0;
    this.#position = undefined;
  }

  apply(entries: readonly Entry[]): void {
    for (const { seq, hash, ops } of entries) {
      this.applied.push(seq);
      this.#position = { seq, hash, identity: this.#position?.identity ?? hash };
      for (const { op } of ops) this.#applyOp(op, seq);
    }
  }

  check(ops: readonly Op[]): Verdict[] {
    const drafted = new Map<string, number>();
    return ops.map((op, index) => {
      const known = this.versions.get(versionOf(op));
      if (known !== undefined) {
        return known.digest === op['digest'] ? { kind: 'already', seq: known.seq } : refuse(op);
      }
      const earlier = drafted.get(versionOf(op));
      if (earlier === undefined) {
        drafted.set(versionOf(op), index);
        return { kind: 'accept' };
      }
      return ops[earlier]?.['digest'] === op['digest'] ? { kind: 'same', index: earlier } : refuse(op);
    });
  }

  #applyOp(op: Op | undefined, seq: number): void {
    if (op?.type !== 'publish') return;
    if (this.versions.has(versionOf(op))) this.voided.push(op);
    else this.versions.set(versionOf(op), { digest: String(op['digest']), seq });
  }
}

/** A publish of a version with contents. */
export function publish(version: string, digest = 'd0'): NewOp {
  return { type: 'publish', by: 'u1', version, digest };
}

function versionOf(op: Op): string {
  return String(op['version']);
}

function refuse(op: Op): Verdict {
  return {
    kind: 'refuse',
    error: new EbpmError('EBPM_VERSION_EXISTS', `Cannot publish "${versionOf(op)}": it exists`),
  };
}
