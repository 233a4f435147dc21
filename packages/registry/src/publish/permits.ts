import type { EbpmError } from '@ebpm/formats';

/** Why whoever asked for an operation may not have it any more; undefined while he may. */
export type Check = () => EbpmError | undefined;

/** An operation, before or after the log has added its fields. */
type Operation = Readonly<Record<string, unknown>>;

/**
 * By what right the operations that wait were asked for. The log does not say it, but whether a token, a membership or a policy still
 * allows them must be looked up again right before they are written, once the accounts log has been read.
 */
export class Permits {
  readonly #checks = new Map<string, readonly Check[]>();

  /** Lets the operation be written as long as the check allows it, while `write` is under way. */
  async during<T>(op: Operation, check: Check, write: () => Promise<T>): Promise<T> {
    const key = keyOf(op);
    this.#checks.set(key, [...(this.#checks.get(key) ?? []), check]);
    try {
      return await write();
    } finally {
      this.#release(key, check);
    }
  }

  /** Why the operation must not be written: nobody who asked for it still may. What nobody asked for is the operator's. */
  refusal(op: Operation): EbpmError | undefined {
    const refusals = this.#checks.get(keyOf(op))?.map((check) => check()) ?? [];
    return refusals.every((refusal) => refusal !== undefined) ? refusals[0] : undefined;
  }

  #release(key: string, check: Check): void {
    const checks = this.#checks.get(key) ?? [];
    const rest = checks.toSpliced(checks.indexOf(check), 1);
    if (rest.length === 0) this.#checks.delete(key);
    else this.#checks.set(key, rest);
  }
}

/** A publish is told by its digest: what it says besides is long. */
function keyOf(op: Operation): string {
  if (op['type'] === 'publish') return JSON.stringify([op['by'], op['as'], op['name'], op['version'], op['digest']]);
  const { salt, auth, ...asked } = op;
  // The log writes an operation's fields in another order than whoever asked for it.
  return JSON.stringify(Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1)));
}
