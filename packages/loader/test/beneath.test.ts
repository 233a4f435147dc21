import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants as os, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesBeneath } from '../src/beneath.js';

const WRONG: readonly unknown[] = [undefined, null, 0.5, 'x', 2 ** 40, true, {}, [], 7n];
const { EINVAL, ENOENT, EPERM } = os.errno;

describe('filesBeneath()', () => {
  const beneath = filesBeneath();
  let root: string;
  let directory: number;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'ebpm-beneath-'));
    writeFileSync(join(root, 'file'), 'inside');
    mkdirSync(join(root, 'sub'));
    symlinkSync('/etc', join(root, 'out'));
    directory = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
  });
  afterAll(() => {
    closeSync(directory);
    rmSync(root, { recursive: true });
  });

  it('open() opens below the directory, for nobody else than this process', () => {
    const fd = beneath.open(directory, 'sub/../file', constants.O_RDONLY, 0);
    expect(readFileSync(fd, 'utf8')).toBe('inside');
    expect(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')).toMatch(/flags:\s+02\d{6}/);
    closeSync(fd);
  });

  it.each(['/etc/passwd', '../x', 'out/passwd', 'sub/../../x', '/'])('open() does not open %s', (path) => {
    expect(() => beneath.open(directory, path, constants.O_RDONLY, 0)).toThrow(
      expect.objectContaining({ errno: EPERM }),
    );
    expect(() => beneath.unlink(directory, path)).toThrow(expect.objectContaining({ errno: EPERM }));
  });

  it('no path is cut at a NUL, and none is empty', () => {
    const failure = (errno: number) => expect.objectContaining({ errno });
    expect(() => beneath.open(directory, 'file\0x', 0, 0)).toThrow(failure(EINVAL));
    expect(() => beneath.makeDirectory(directory, 'new\0x')).toThrow(failure(EINVAL));
    expect(() => beneath.symlink('file\0x', directory, 'link')).toThrow(failure(EINVAL));
    expect(() => beneath.rename(directory, 'file', directory, 'a\0b')).toThrow(failure(EINVAL));
    expect(() => beneath.unlink(directory, '')).toThrow(failure(ENOENT));
    expect(() => beneath.open(directory, '', 0, 0)).toThrow(failure(ENOENT));
  });

  it('every function refuses wrong arguments, and does not crash', () => {
    const loose = beneath as unknown as Record<string, (...values: unknown[]) => unknown>;
    for (const [name, call] of Object.entries(loose)) {
      for (const wrong of WRONG) {
        expect(() => call(wrong), name).toThrow();
        expect(() => call(-1, wrong, wrong, wrong, wrong), name).toThrow();
        expect(() => call(-1, 'file', wrong, wrong), name).toThrow();
      }
    }
  });
});
