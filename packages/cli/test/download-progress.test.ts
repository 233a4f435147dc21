import { describe, expect, test } from 'vitest';
import { DownloadProgress } from '../src/download-progress.js';

/** What a download of 1000 bytes shows that is told of at these times. */
function shown(timesMs: readonly number[], isTTY = true): readonly string[] {
  const chunks: string[] = [];
  let nowMs = 0;
  const terminal = { isTTY, write: (chunk: string | Uint8Array) => chunks.push(String(chunk)) };
  const progress = new DownloadProgress(terminal, () => nowMs);
  for (nowMs of timesMs) progress.update('x', nowMs / 10, 1000);
  progress.close();
  progress.close();
  return chunks;
}

describe('DownloadProgress', () => {
  test('DownloadProgress is silent for a second, then updates one line and takes it away', () => {
    expect(shown([10, 999, 1000, 1050, 1100, 2000])).toEqual([
      '\r\u001b[Kx: 10 % of 1000 bytes',
      '\r\u001b[Kx: 11 % of 1000 bytes',
      '\r\u001b[Kx: 20 % of 1000 bytes',
      '\r\u001b[K',
    ]);
  });

  test('DownloadProgress writes nothing for short downloads, and nothing into a pipe', () => {
    expect(shown([1, 500])).toEqual([]);
    expect(shown([1000, 5000], false)).toEqual([]);
  });
});
