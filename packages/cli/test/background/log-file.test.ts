import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { LogFile } from '../../src/background/log-file.js';
import { LogReader } from '../../src/background/log-reader.js';

const folder = mkdtempSync(join(tmpdir(), 'ebpm-log-'));
let paths: [string, string];
let count = 0;
beforeEach(() => {
  count += 1;
  paths = [join(folder, `${count}.0`), join(folder, `${count}.1`)];
});
afterAll(() => rmSync(folder, { recursive: true }));

function texts(reader: LogReader): readonly string[] {
  return [...reader.read()].map(({ stream, text }) => `${stream} ${Buffer.from(text)}`);
}

describe('LogFile', () => {
  it('LogFile keeps what was written to each stream in its order, and a reader gets what comes later with its next look', () => {
    const log = new LogFile(paths);
    log.output('stdout').write('one\n');
    log.output('stderr').write(Buffer.from('two\n'));
    const reader = new LogReader(paths);
    expect(texts(reader)).toEqual(['stdout one\n', 'stderr two\n']);
    expect(texts(reader)).toEqual([]);
    log.output('stdout').write('');
    log.output('stdout').write('three');
    expect(texts(reader)).toEqual(['stdout ', 'stdout three']);
    reader.close();
    log.close();
  });

  it('LogFile is bounded, and keeps the newest whole', () => {
    const log = new LogFile(paths, 1000);
    for (let number = 0; number < 500; number++) log.output('stdout').write(`line ${number}\n`);
    const reader = new LogReader(paths);
    const kept = texts(reader);
    expect(kept.at(-1)).toBe('stdout line 499\n');
    expect(kept.length).toBeGreaterThan(1000 / 40);
    expect(kept).toEqual(kept.map((_, index) => `stdout line ${500 - kept.length + index}\n`));
    for (const path of paths) expect(statSync(path).size).toBeLessThanOrEqual(1000);
    reader.close();
    log.close();
  });

  it('a reader that follows sees every line across turns, and goes on where the rest was overwritten', () => {
    const log = new LogFile(paths, 1000);
    const reader = new LogReader(paths);
    const seen: string[] = [];
    for (let number = 0; number < 200; number++) {
      log.output('stdout').write(`${number}`);
      if (number % 10 === 0) seen.push(...texts(reader));
    }
    seen.push(...texts(reader));
    expect(seen).toEqual(Array.from({ length: 200 }, (_, number) => `stdout ${number}`));
    for (let number = 0; number < 500; number++) log.output('stdout').write(`late ${number}`);
    expect(texts(reader).at(-1)).toBe('stdout late 499');
    reader.close();
    log.close();
  });

  it('LogFile gives a piece that is larger than a file a file to itself', () => {
    const log = new LogFile(paths, 100);
    log.output('stdout').write('small');
    log.output('stdout').write('x'.repeat(1000));
    log.output('stdout').write('after');
    const reader = new LogReader(paths);
    expect(texts(reader)).toEqual([`stdout ${'x'.repeat(1000)}`, 'stdout after']);
    reader.close();
    log.close();
  });

  it('a reader gives nothing of files that are no log', () => {
    writeFileSync(paths[0], 'EBPMLOG1'.padEnd(64, '\xff'), 'latin1');
    writeFileSync(paths[1], 'something else that is long enough');
    const reader = new LogReader(paths);
    expect(texts(reader)).toEqual([]);
    reader.close();
  });
});
