import { describe, expect, it } from 'vitest';
import { addDownloads, readStatsFile, writeStatsFile } from '../../src/downloads/stats-file.js';

const counts = (name: string, count: number) => new Map([[name, new Map([['1.0.0', count]])]]);

describe('readStatsFile()', () => {
  it('reads what writeStatsFile() wrote', () => {
    const file = { downloads: counts('a', 3), of: ['stats/20260101/0123456789abcdef-1'] as const };
    expect(readStatsFile(writeStatsFile(file))).toEqual(file);
  });

  it.each([
    '',
    'no JSON',
    'null',
    '[]',
    '{"v":2,"downloads":{"a":{"1.0.0":1}}}',
    '{"v":1,"downloads":{"A b":{"1.0.0":1},"a":[1],"b":{"x":1,"1.0.0":-1,"1.0.1":1e99,"1.0.2":"3"}},"of":["log/000000000001",7]}',
  ])('counts nothing in %s', (text) => {
    const { downloads, of } = readStatsFile(Buffer.from(text));
    expect([...downloads.values()].flatMap((versions) => [...versions])).toEqual([]);
    expect(of).toEqual([]);
  });
});

describe('addDownloads()', () => {
  it('adds up by package and version', () => {
    expect(addDownloads([counts('a', 1), counts('a', 2), counts('b', 4)])).toEqual(
      new Map([...counts('a', 3), ...counts('b', 4)]),
    );
  });
});
