/** How much somebody may take: `perMinute` in the long run, and at most `burst` at once. */
export interface BucketSize {
  readonly perMinute: number;
  readonly burst: number;
  /** Whose buckets are kept at a time. */
  readonly watched: number;
}

interface Bucket {
  left: number;
  atMs: number;
}

/** A bucket for everybody who takes something, filled again as time passes. Of too many, those that have been quiet the longest are forgotten. */
export class TokenBuckets {
  readonly #size: BucketSize;
  readonly #buckets = new Map<string, Bucket>();

  constructor(size: BucketSize) {
    this.#size = size;
  }

  /** Takes one for `who`, at a time of a clock that never jumps; undefined when there was one, else in how many seconds there will be. */
  take(who: string, nowMs: number): number | undefined {
    const bucket = this.#filled(who, nowMs);
    this.#buckets.delete(who);
    this.#buckets.set(who, bucket);
    this.#forget();
    if (bucket.left < 1) return this.#waitS(bucket);
    bucket.left -= 1;
    return undefined;
  }

  /** As `take`, without taking anything. */
  look(who: string, nowMs: number): number | undefined {
    const bucket = this.#filled(who, nowMs);
    return bucket.left < 1 ? this.#waitS(bucket) : undefined;
  }

  #filled(who: string, nowMs: number): Bucket {
    const { perMinute, burst } = this.#size;
    const bucket = this.#buckets.get(who);
    if (bucket === undefined) return { left: burst, atMs: nowMs };
    bucket.left = Math.min(burst, bucket.left + ((nowMs - bucket.atMs) * perMinute) / 60_000);
    bucket.atMs = nowMs;
    return bucket;
  }

  #waitS({ left }: Bucket): number {
    return Math.max(1, Math.ceil(((1 - left) * 60) / this.#size.perMinute));
  }

  #forget(): void {
    if (this.#buckets.size <= this.#size.watched) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
