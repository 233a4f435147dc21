import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDirectories } from '../src/make-directories.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ebpm-make-directories-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('makeDirectories()', () => {
  it('makes what is missing and gives the topmost that it made', () => {
    expect(makeDirectories(join(root, 'a/b/c'), 0o700)).toBe(join(root, 'a'));
    expect(statSync(join(root, 'a/b/c')).mode & 0o777).toBe(0o700);
    expect(makeDirectories(join(root, 'a/b/d'))).toBe(join(root, 'a/b/d'));
    expect(makeDirectories(join(root, 'a/b/d'))).toBeUndefined();
  });

  it('goes through links to directories', () => {
    mkdirSync(join(root, 'there'));
    symlinkSync(join(root, 'there'), join(root, 'link'));
    expect(makeDirectories(join(root, 'link'))).toBeUndefined();
    expect(makeDirectories(join(root, 'link/x'))).toBe(join(root, 'link/x'));
  });

  it.each([
    ['a file is in the way', 'file/x', 'ENOTDIR'],
    ['the name is a file', 'file', 'EEXIST'],
    ['a link leads nowhere', 'nowhere/x', 'EEXIST'],
  ])('fails where %s', (_, path, code) => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync(join(root, 'gone'), join(root, 'nowhere'));
    expect(() => makeDirectories(join(root, path))).toThrow(expect.objectContaining({ code }));
  });

  it('fails where the system takes no directory', () => {
    expect(() => makeDirectories('/proc/x/y')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
