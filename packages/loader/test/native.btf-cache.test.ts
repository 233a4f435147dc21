import {
  chmodSync,
  chownSync,
  copyFileSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { CheckedObject, minimalBtf, readBtf } from '@ebpm/object';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileFixture } from '../../../test/support/compile-fixture.js';
import { cachedBtf } from '../src/btf-cache/cached-btf.js';
import { fillBtfCache } from '../src/btf-cache/fill-btf-cache.js';
import { keepNewest } from '../src/btf-cache/trusted-files.js';
import { openObject } from '../src/open-object.js';
import { hasNativeKernel } from './native-kernel.js';

const FIXTURE = new URL('../../../test/kernels/fixtures/core-kinds.bpf.c', import.meta.url);
/** The system's temporary folder belongs to everybody. */
const CACHES = '/var/cache';
const NOBODY = 65_534;

describe.skipIf(!hasNativeKernel)('the cache of minimal BTF', () => {
  let object: CheckedObject;
  let parent = '';
  let pristine = '';
  let folder = '';
  const entry = () => join(folder, readdirSync(folder).find((name) => name.endsWith('.btf')) ?? 'none');

  beforeAll(() => {
    object = CheckedObject.read(compileFixture(FIXTURE));
    parent = mkdtempSync(join(CACHES, 'ebpm-test-'));
    chmodSync(parent, 0o755);
    pristine = join(parent, 'pristine');
    fillBtfCache(pristine, object);
  });
  afterAll(() => rmSync(parent, { recursive: true }));

  // Filling takes a while, so each test gets a copy.
  beforeEach(() => {
    folder = mkdtempSync(join(parent, 'copy-'));
    chmodSync(folder, 0o755);
    for (const name of readdirSync(pristine)) copyFileSync(join(pristine, name), join(folder, name));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('cachedBtf() gives what fillBtfCache() stored for this kernel and object', () => {
    const { bytes } = minimalBtf(readFileSync('/sys/kernel/btf/vmlinux'), object.object);
    expect(cachedBtf(folder, object)).toEqual(Buffer.from(bytes));
    expect(readBtf(bytes).count).toBeLessThan(1000);
    expect(statSync(entry()).mode & 0o777).toBe(0o644);
  });

  it('openObject() loads an object with it', () => {
    const btf = cachedBtf(folder, object);
    openObject(object, { name: 'kinds', btf: btf as Uint8Array })
      .load()
      .close();
  });

  it('openObject() does not resolve fields by anything else then', () => {
    const cached = cachedBtf(folder, object) as Uint8Array;
    const nothing = minimalBtf(cached, { ...object.object, coreRelocations: [] });
    const open = openObject(object, { name: 'kinds', btf: nothing.bytes });
    expect(() => open.load()).toThrow();
  });

  it('cachedBtf() says that another object has none yet', () => {
    const other = CheckedObject.read(Buffer.concat([object.bytes, Buffer.from([0])]));
    expect(cachedBtf(folder, other)).toBe('missing');
    expect(cachedBtf(join(folder, 'nowhere'), object)).toBe('missing');
    expect(cachedBtf('relative', object)).toBe('missing');
  });

  it.each<[string, () => void]>([
    ['an entry with a changed byte', () => changeByte(entry(), 40)],
    ['an entry with a changed digest', () => changeByte(entry(), 3)],
    ['a truncated entry', () => truncateSync(entry(), 100)],
    ['an entry shorter than its digest', () => truncateSync(entry(), 10)],
    ['an entry that others may write to', () => chmodSync(entry(), 0o646)],
    ['an entry that a group may write to', () => chmodSync(entry(), 0o664)],
    ['an entry of somebody else', () => chownSync(entry(), NOBODY, NOBODY)],
    ['an entry with a second name', () => linkSync(entry(), join(folder, 'second'))],
    [
      'an entry that is a link',
      () => {
        const path = entry();
        renameSync(path, join(folder, 'elsewhere'));
        symlinkSync(join(folder, 'elsewhere'), path);
      },
    ],
    ['a folder that others may write to', () => chmodSync(folder, 0o777)],
    ['a folder of somebody else', () => chownSync(folder, NOBODY, NOBODY)],
    [
      'a note of another boot',
      () =>
        writeFileSync(
          join(folder, 'this-boot'),
          note((text) => text.replace(/^./, 'x')),
        ),
    ],
    [
      'a note of a BTF of another size',
      () =>
        writeFileSync(
          join(folder, 'this-boot'),
          note((text) => text.replace('\n', '\n1')),
        ),
    ],
    [
      'a note that is cut off',
      () =>
        writeFileSync(
          join(folder, 'this-boot'),
          note((text) => text.slice(0, 80)),
        ),
    ],
    ['a note that others may write to', () => chmodSync(join(folder, 'this-boot'), 0o666)],
  ])('cachedBtf() does not use %s', (_, spoil) => {
    expect(cachedBtf(folder, object)).toBeInstanceOf(Uint8Array);
    spoil();
    expect(cachedBtf(folder, object)).toBe('missing');
  });

  it('cachedBtf() does not use a folder below one that others may write to', () => {
    chmodSync(parent, 0o777);
    try {
      expect(cachedBtf(folder, object)).toBe('missing');
      expect(() => fillBtfCache(folder, object)).toThrow('others than root may write');
    } finally {
      chmodSync(parent, 0o755);
    }
  });

  it('keepNewest() removes the oldest entries and nothing else', () => {
    rmSync(entry());
    for (const [name, time] of [
      ['b.btf', 1],
      ['a.btf', 3],
      ['c.btf', 2],
      ['other', 0],
    ] as const) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), time, time);
    }
    keepNewest(folder, '.btf', 2);
    expect(readdirSync(folder).sort()).toEqual(['a.btf', 'c.btf', 'other', 'this-boot']);
  });

  function note(change: (text: string) => string): string {
    return change(readFileSync(join(folder, 'this-boot'), 'utf8'));
  }
});

function changeByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
