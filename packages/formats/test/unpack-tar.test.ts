import { describe, expect, test } from 'vitest';
import { isCanonicalTar, MAX_PACKAGE_BYTES, MAX_PACKAGE_FILES, packTar, unpackTar } from '../src/index.js';
import { type HostileEntry, hostileTar } from './hostile-tar.js';

const text = (content: string) => new TextEncoder().encode(content);
const refusal = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });
const SOUND = packTar([
  { path: 'a', bytes: text('first') },
  { path: 'b', bytes: text('second') },
]);

describe('unpackTar()', () => {
  test('unpackTar() gives views into the archive, without a copy', () => {
    const [first] = unpackTar(SOUND);
    expect(first?.bytes.buffer).toBe(SOUND.buffer);
  });

  test('unpackTar() reads an archive that lies inside a larger buffer', () => {
    const larger = new Uint8Array(SOUND.length + 7);
    larger.set(SOUND, 7);
    expect(unpackTar(larger.subarray(7))).toEqual(unpackTar(SOUND));
  });

  test('unpackTar() allows an archive without files', () => {
    expect(unpackTar(packTar([]))).toEqual([]);
  });

  test.each<[string, HostileEntry, string]>([
    ['a symbolic link', { type: 'SymbolicLink', linkpath: '/etc/passwd' }, 'a symbolic link'],
    ['a hard link', { type: 'Link', linkpath: 'a' }, 'a hard link'],
    ['a character device', { type: 'CharacterDevice' }, 'a character device'],
    ['a block device', { type: 'BlockDevice' }, 'a block device'],
    ['a FIFO', { type: 'FIFO' }, 'a FIFO'],
    ['a folder', { type: 'Directory' }, 'a folder'],
    ['a folder that is written as a file', { path: 'x/' }, 'a folder'],
    ['a contiguous file', { type: 'ContiguousFile' }, 'a contiguous file'],
    ['a pax header for the path', { type: 'ExtendedHeader', body: text('15 path=../evil\n') }, 'a pax header'],
    ['a pax header for the size', { type: 'ExtendedHeader', body: text('10 size=9\n') }, 'a pax header'],
    ['a global pax header', { type: 'GlobalExtendedHeader', body: text('10 size=9\n') }, 'a global pax header'],
    ['a GNU long name', { type: 'NextFileHasLongPath', body: text('../evil\0') }, 'a GNU long name'],
    ['a GNU long link', { type: 'NextFileHasLongLinkpath', body: text('../evil\0') }, 'a GNU long link'],
    ['a sparse file', { overwrite: { 156: 'S' } }, 'wanted a regular file'],
    ['a type that nobody knows', { overwrite: { 156: 'Z' } }, 'unknown type'],
  ])('unpackTar() refuses %s', (_, entry, message) => {
    expect(() => unpackTar(hostileTar({ path: 'x', ...entry }))).toThrow(refusal('EBPM_ARCHIVE_ENTRY', message));
  });

  test.each<[string, HostileEntry]>([
    ['an absolute path', { path: '/etc/passwd' }],
    ['a path that climbs', { path: '../x' }],
    ['a path that climbs through the prefix', { path: 'x', overwrite: { 345: 'a/../..' } }],
    ['a path with a backslash', { path: 'a\\..\\b' }],
    ['a path with an escape character', { path: 'a\u001bb' }],
    ['a path that is not UTF-8', { path: 'x', overwrite: { 0: '\xff' } }],
    ['a path that is not in form C', { path: 'e\u0301' }],
    ['a path that is too long', { path: `${'p'.repeat(90)}/${'q'.repeat(90)}` }],
    ['a line feed behind a NUL', { path: 'x', overwrite: { 0: 'a\0b\n../../x' } }],
  ])('unpackTar() refuses %s', (_, entry) => {
    expect(() => unpackTar(hostileTar(entry))).toThrow(refusal('EBPM_ARCHIVE_PATH'));
  });

  test.each<[string, string, string]>([
    ['the same file twice', 'a', 'a'],
    ['two files that differ in case', 'README', 'readme'],
    ['two files that differ in case beyond ASCII', 'STRASSE', 'straße'],
    ['a file that is also a folder', 'a', 'a/b'],
    ['a folder that is also a file', 'a/b', 'a'],
    ['a file that differs in case from a folder', 'A', 'a/b'],
    ['two folders that differ in case', 'Inc/a', 'inc/b'],
  ])('unpackTar() refuses %s', (_, first, second) => {
    expect(() => unpackTar(hostileTar({ path: first }, { path: second }))).toThrow(refusal('EBPM_ARCHIVE_DUPLICATE'));
    expect(() => packTar([first, second].map((path) => ({ path, bytes: text('') })))).toThrow(
      refusal('EBPM_ARCHIVE_DUPLICATE'),
    );
  });

  test.each([10 * 1024 ** 3, 8 * 1024 ** 3 - 1, MAX_PACKAGE_BYTES + 1])(
    'unpackTar() refuses an archive that declares a file of %d bytes',
    (size) => {
      expect(() => unpackTar(hostileTar({ path: 'bomb', size }))).toThrow(
        refusal('EBPM_ARCHIVE_TOO_LARGE', `${size} bytes`),
      );
    },
  );

  test('unpackTar() refuses an archive that is too large', () => {
    expect(() => unpackTar(new Uint8Array(MAX_PACKAGE_BYTES + 1))).toThrow(refusal('EBPM_ARCHIVE_TOO_LARGE'));
  });

  test('unpackTar() refuses an archive of too many files', () => {
    const files = Array.from({ length: MAX_PACKAGE_FILES + 1 }, (_, index) => ({ path: `${index}` }));
    expect(() => unpackTar(hostileTar(...files))).toThrow(refusal('EBPM_ARCHIVE_TOO_LARGE', 'files'));
  });

  test('unpackTar() refuses every truncation', () => {
    for (let length = 0; length < SOUND.length; length += 64)
      expect(isCanonicalTar(SOUND.subarray(0, length))).toBe(false);
    expect(() => unpackTar(SOUND.subarray(0, 0))).toThrow(refusal('EBPM_ARCHIVE_TRUNCATED', 'no header at byte 0'));
    expect(() => unpackTar(SOUND.subarray(0, 515))).toThrow(
      refusal('EBPM_ARCHIVE_TRUNCATED', '"a" is to have 5 bytes, 3 are there'),
    );
    expect(() => unpackTar(SOUND.subarray(0, 2048))).toThrow(
      refusal('EBPM_ARCHIVE_TRUNCATED', 'no header at byte 2048'),
    );
  });

  test.each([
    ['a wrong checksum', 0],
    ['a checksum that is no number', 150],
  ])('unpackTar() refuses %s', (_, at) => {
    const damaged = SOUND.slice();
    damaged[at] = 0x78;
    expect(() => unpackTar(damaged)).toThrow(refusal('EBPM_ARCHIVE_MALFORMED', 'byte 0'));
  });

  test.each([
    ['no number', 'zzzzzzzzzzz\0'],
    ['beyond every number', `\x80${'\xff'.repeat(11)}`],
    ['negative', '\xff'.repeat(12)],
  ])('unpackTar() refuses a size that is %s', (_, size) => {
    expect(() => unpackTar(hostileTar({ path: 'x', overwrite: { 124: size } }))).toThrow(
      refusal('EBPM_ARCHIVE_MALFORMED'),
    );
  });

  test('unpackTar() refuses gzip, which it does not unpack', () => {
    const gzip = new Uint8Array(1024);
    gzip.set([0x1f, 0x8b, 0x08]);
    expect(() => unpackTar(gzip)).toThrow(refusal('EBPM_ARCHIVE_MALFORMED'));
  });

  test.each<[string, Uint8Array]>([
    ['files in another order', hostileTar({ path: 'b' }, { path: 'a' })],
    ['another mode', hostileTar({ path: 'a', mode: 0o755 })],
    ['a set-user-id bit', hostileTar({ path: 'a', mode: 0o4644 })],
    ['another time', hostileTar({ path: 'a', mtime: new Date(1000) })],
    ['an owner', hostileTar({ path: 'a', uid: 1000 })],
    ['a group', hostileTar({ path: 'a', gid: 1000 })],
    ["an owner's name", hostileTar({ path: 'a', uname: 'root' })],
    ['a link name in a regular file', hostileTar({ path: 'a', linkpath: 'b' })],
    ['a device number', hostileTar({ path: 'a', devmaj: 1 })],
    ['a type from before POSIX', hostileTar({ path: 'a', overwrite: { 156: '\0' } })],
    ['a header of GNU tar', hostileTar({ path: 'a', overwrite: { 257: 'ustar  \0' } })],
    ['a header without "ustar"', hostileTar({ path: 'a', overwrite: { 257: '\0\0\0\0\0\0\0\0' } })],
    ['bytes behind the NUL of a path', hostileTar({ path: 'a', overwrite: { 1: '\0b' } })],
    ['a size with something behind it', hostileTar({ path: 'a', overwrite: { 124: '0junk' } })],
    ['a path that is split elsewhere', hostileTar({ path: 'b', overwrite: { 345: 'a' } })],
    ['something in the padding', withByte(SOUND, 512 + 5)],
    ['something in the end', withByte(SOUND, SOUND.length - 1)],
    ['an end of one block', SOUND.subarray(0, -512)],
    ['garbage after the end', Buffer.concat([SOUND, text('garbage')])],
    ['zeros after the end', Buffer.concat([SOUND, new Uint8Array(512)])],
    ['another archive after the end', Buffer.concat([SOUND, SOUND])],
  ])('unpackTar() refuses %s', (_, archive) => {
    expect(() => unpackTar(archive)).toThrow(refusal('EBPM_ARCHIVE_NOT_CANONICAL'));
    expect(isCanonicalTar(archive)).toBe(false);
  });

  test('unpackTar() takes an archive in which one byte was changed only where packTar() writes the same', () => {
    for (let at = 0; at < SOUND.length; at++) {
      const changed = SOUND.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      if (isCanonicalTar(changed)) expect(Buffer.compare(packTar(unpackTar(changed)), changed), `byte ${at}`).toBe(0);
    }
  });

  test('isCanonicalTar() is true of what packTar() writes', () => {
    expect(isCanonicalTar(SOUND)).toBe(true);
  });
});

function withByte(archive: Uint8Array, at: number): Uint8Array {
  const changed = archive.slice();
  changed[at] = 1;
  return changed;
}
