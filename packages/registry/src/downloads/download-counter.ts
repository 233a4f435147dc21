import { DOWNLOAD_LIMITS } from '../limits.js';

/** Counts archives that were sent, in memory: a download costs no more than this. */
export class DownloadCounter {
  #counts = new Map<string, number>();

  /** Counts one download of the archive with this SHA-256, in hex. */
  count(hex: string): void {
    const before = this.#counts.get(hex);
    // Whoever asks for more different ones than that within a minute is not installing.
    if (before === undefined && this.#counts.size >= DOWNLOAD_LIMITS.counted) return;
    this.#counts.set(hex, (before ?? 0) + 1);
  }

  /** What was counted since the last call. */
  take(): ReadonlyMap<string, number> {
    const counts = this.#counts;
    this.#counts = new Map();
    return counts;
  }
}
