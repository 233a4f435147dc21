import { describe, expect, test } from 'vitest';
import { DownloadProgress, type ProgressUnit } from '../src/download-progress.js';

type Update = readonly [atMs: number, name: string, done: number, of: number | undefined];

/** What a terminal is sent. */
function shown(updates: readonly Update[], { isTTY = true, columns = 80, unit = 'bytes' as ProgressUnit } = {}) {
  const chunks: string[] = [];
  let nowMs = 0;
  const terminal = { isTTY, columns, write: (chunk: string | Uint8Array) => chunks.push(String(chunk)) };
  const progress = new DownloadProgress(terminal, () => nowMs, unit);
  for (const [atMs, ...update] of updates) {
    nowMs = atMs;
    progress.update(...update);
  }
  progress.close();
  progress.close();
  return chunks;
}

describe('DownloadProgress', () => {
  test('DownloadProgress is silent for a second, then updates a line and takes it away', () => {
    const updates = [10, 999, 1000, 1050, 1100].map((atMs): Update => [atMs, 'x', atMs * 1000, 4_000_000]);
    expect(shown(updates)).toEqual([
      'x  [#####---------------]  25 %  1.0 MB of 4.0 MB\n',
      '\x1b[1A\x1b[Jx  [#####---------------]  27 %  1.1 MB of 4.0 MB\n',
      '\x1b[1A\x1b[J',
    ]);
  });

  test('DownloadProgress has a line for each download under way, and one for those that are done', () => {
    const updates: readonly Update[] = [
      [10, 'long-name', 1_000_000, 4_000_000],
      [20, 'b', 500_000, undefined],
      [30, 'c', 10, 10],
      [1000, 'b', 600_000, undefined],
      [1100, 'long-name', 4_000_000, 4_000_000],
    ];
    expect(shown(updates)).toEqual([
      'long-name  [#####---------------]  25 %  1.0 MB of 4.0 MB\nb          0.6 MB\n1 done\n',
      '\x1b[3A\x1b[Jb  0.6 MB\n2 done\n',
      '\x1b[2A\x1b[J',
    ]);
  });

  test('DownloadProgress counts things, and breaks no line', () => {
    const options = { unit: 'things', columns: 12 } as const;
    expect(shown([[1000, 'archives', 3, 9]], options)[0]).toBe('archives  [\n');
    expect(shown([[1000, 'archives', 3, 9]], { unit: 'things' })[0]).toBe(
      'archives  [######--------------]  33 %  3 of 9\n',
    );
  });

  test('DownloadProgress takes a terminal that does not say how wide it is for one of 80 columns', () => {
    expect(shown([[1000, 'x', 1e6, 4e6]], { columns: 0 })[0]).toBe(
      'x  [#####---------------]  25 %  1.0 MB of 4.0 MB\n',
    );
  });

  test('DownloadProgress writes nothing for short downloads, and nothing into a pipe', () => {
    expect(shown([[500, 'x', 1, 10]])).toEqual([]);
    expect(shown([[5000, 'x', 1, 10]], { isTTY: false })).toEqual([]);
  });

  test('DownloadProgress sends no control character of a name to the terminal', () => {
    expect(shown([[1000, 'a\x1b[2Jb', 1, undefined]])[0]).not.toContain('\x1b[2J');
  });
});
