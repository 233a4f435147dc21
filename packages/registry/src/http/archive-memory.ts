import type { Digest } from '@ebpm/formats';
import { MEMORY_LIMITS } from '../limits.js';
import { Encodings } from './encodings.js';

/** Archives that were asked for lately. Those who ask for the same one at the same time share it, however large it is. */
export class ArchiveMemory {
  readonly #read: (digest: Digest) => Promise<Uint8Array | undefined>;
  readonly #maxSizeBytes: number;
  readonly #kept = new Map<Digest, Encodings>();
  readonly #underWay = new Map<Digest, Promise<Encodings | undefined>>();
  #sizeBytes = 0;

  constructor(read: (digest: Digest) => Promise<Uint8Array | undefined>, maxSizeBytes: number) {
    this.#read = read;
    this.#maxSizeBytes = maxSizeBytes;
  }

  /** The bytes of a digest; undefined when the store has none. Rejects as reading them from the store does. */
  get(digest: Digest): Promise<Encodings | undefined> {
    const kept = this.#kept.get(digest);
    if (kept !== undefined) {
      this.#kept.delete(digest);
      this.#kept.set(digest, kept);
      return Promise.resolve(kept);
    }
    const underWay = this.#underWay.get(digest) ?? this.#readOnce(digest);
    this.#underWay.set(digest, underWay);
    return underWay;
  }

  async #readOnce(digest: Digest): Promise<Encodings | undefined> {
    try {
      const bytes = await this.#read(digest);
      if (bytes === undefined) return undefined;
      const archive = new Encodings(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      this.#keep(digest, archive);
      return archive;
    } finally {
      this.#underWay.delete(digest);
    }
  }

  /** Compressed forms that are made later take at most as much again. */
  #keep(digest: Digest, archive: Encodings): void {
    const sizeBytes = 2 * archive.sizeBytes;
    if (sizeBytes > this.#maxSizeBytes / MEMORY_LIMITS.smallestShare) return;
    this.#kept.set(digest, archive);
    this.#sizeBytes += sizeBytes;
    for (const [oldest, { sizeBytes: size }] of this.#kept) {
      if (this.#sizeBytes <= this.#maxSizeBytes) return;
      this.#kept.delete(oldest);
      this.#sizeBytes -= 2 * size;
    }
  }
}
