import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GUEST_COMMAND, guestFiles } from '../src/guest-files.js';

const BUNDLE = fileURLToPath(new URL('../bundle', import.meta.url));

describe('guestFiles()', () => {
  it('guestFiles() puts the package.json where a bundle looks for it, one folder above', () => {
    const [, program] = GUEST_COMMAND;
    const bundle = posix.dirname(program);
    expect(guestFiles('/host/bundle')).toEqual({
      [bundle]: '/host/bundle',
      [posix.join(bundle, '../package.json')]: '/host/package.json',
    });
  });

  it('guestFiles() puts the addon of a published package beside the bundle, where it looks for it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ebpm-guest-'));
    mkdirSync(join(folder, 'prebuilds'));
    const prebuilds = posix.join(posix.dirname(GUEST_COMMAND[1]), '../prebuilds');
    expect(guestFiles(join(folder, 'bundle'))).toMatchObject({ [prebuilds]: join(folder, 'prebuilds') });
    rmSync(folder, { recursive: true });
  });

  it('guestFiles() names files that are there', () => {
    expect(Object.values(guestFiles(BUNDLE)).filter((path) => !existsSync(path))).toEqual([]);
    expect(existsSync(`${BUNDLE}/${posix.basename(GUEST_COMMAND[1])}`)).toBe(true);
  });
});
