import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBtf } from '@ebpm/object';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../src/context.js';
import { headerTypes } from '../src/header-types.js';

/** Where the kernel tests keep what they fetched and booted. */
const LAB_CACHE = fileURLToPath(new URL('../../../.cache/lab', import.meta.url));
const HAS_TYPES =
  existsSync(join(LAB_CACHE, 'btf')) && readdirSync(join(LAB_CACHE, 'btf')).some((name) => /^6\.12.*\.btf$/.test(name));

let folder: string;
let said: string;
let context: Context;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-headers-'));
  said = '';
  const stderr = { write: (chunk: string | Uint8Array) => (said += chunk) };
  context = {
    env: {},
    stdout: stderr,
    stderr,
    home: folder,
    cacheFolder: join(folder, 'cache'),
    told: new Set<string>(),
    isOffline: false,
    registry: undefined,
  };
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('headerTypes()', () => {
  it('headerTypes() says nothing where the kernel has BTF, and writes nothing', async () => {
    const btf = join(folder, 'vmlinux');
    writeFileSync(btf, '');
    expect(await headerTypes(context, btf)).toEqual({});
    expect([said, existsSync(context.cacheFolder)]).toEqual(['', false]);
  });

  it.runIf(HAS_TYPES)('headerTypes() gives the types of a lab kernel where this one has no BTF', async () => {
    mkdirSync(context.cacheFolder);
    symlinkSync(LAB_CACHE, join(context.cacheFolder, 'lab'));
    const { btfPath = '' } = await headerTypes(context, join(folder, 'missing'));
    expect(said).toContain('This kernel has no BTF');
    expect(readBtf(readFileSync(btfPath)).find('task_struct', 'struct')).toBeDefined();
  });
});
