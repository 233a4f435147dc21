import { existsSync } from 'node:fs';
import { posix } from 'node:path';
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

  it('guestFiles() names files that are there', () => {
    expect(Object.values(guestFiles(BUNDLE)).filter((path) => !existsSync(path))).toEqual([]);
    expect(existsSync(`${BUNDLE}/${posix.basename(GUEST_COMMAND[1])}`)).toBe(true);
  });
});
