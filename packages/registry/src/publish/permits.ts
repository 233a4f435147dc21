import type { EbpmError } from '@ebpm/formats';

/** Why a token does not let anyone publish any more; undefined while it does. */
export type TokenCheck = (tokenId: string) => EbpmError | undefined;

/** A publish, before or after the log has added its fields. */
type Publish = Readonly<Record<string, unknown>>;

/**
 * By which tokens the publishes that wait were asked for. The log does not say it, but whether the token still holds must be
 * looked up again right before the operation is written, once the accounts log has been read.
 */
export class Permits {
  readonly #check: TokenCheck;
  readonly #tokens = new Map<string, readonly string[]>();

  constructor(check: TokenCheck) {
    this.#check = check;
  }

  /** Lets the publish be written as long as the token holds, while `write` is under way. */
  async during<T>(op: Publish, tokenId: string, write: () => Promise<T>): Promise<T> {
    const key = keyOf(op);
    this.#tokens.set(key, [...(this.#tokens.get(key) ?? []), tokenId]);
    try {
      return await write();
    } finally {
      this.#release(key, tokenId);
    }
  }

  /** Why the publish must not be written: not one of the tokens that it was asked for with still holds. */
  refusal(op: Publish): EbpmError | undefined {
    const refusals = this.#tokens.get(keyOf(op))?.map((tokenId) => this.#check(tokenId)) ?? [];
    return refusals.every((refusal) => refusal !== undefined) ? refusals[0] : undefined;
  }

  #release(key: string, tokenId: string): void {
    const tokens = this.#tokens.get(key) ?? [];
    const rest = tokens.toSpliced(tokens.indexOf(tokenId), 1);
    if (rest.length === 0) this.#tokens.delete(key);
    else this.#tokens.set(key, rest);
  }
}

function keyOf(op: Publish): string {
  return JSON.stringify([op['by'], op['name'], op['version'], op['digest']]);
}
