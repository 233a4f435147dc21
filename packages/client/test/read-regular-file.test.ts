import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRegularFile } from '../src/read-regular-file.js';
import { temporaryHome } from './temporary-home.js';

describe('readRegularFile()', () => {
  test('readRegularFile() reads a file, and finds nothing where there is none', async () => {
    const path = join(temporaryHome(), 'file');
    writeFileSync(path, 'abc');
    expect(Buffer.from((await readRegularFile(path, 3)) ?? []).toString()).toBe('abc');
    expect(await readRegularFile(`${path}.not`, 3)).toBeUndefined();
    expect(await readRegularFile(`${path}/below`, 3)).toBeUndefined();
  });

  test('readRegularFile() refuses a file that is too large, a folder, a device, and a FIFO without waiting', async () => {
    const home = temporaryHome();
    writeFileSync(join(home, 'large'), 'abcd');
    execFileSync('mkfifo', [join(home, 'fifo')]);
    await expect(readRegularFile(join(home, 'large'), 3)).rejects.toThrow('more than 3 bytes');
    for (const path of [home, '/dev/zero', join(home, 'fifo')]) {
      await expect(readRegularFile(path, 3)).rejects.toThrow('not a regular file');
    }
  });
});
