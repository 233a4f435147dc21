import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { joinVersionFile, readRecordBytes, readVersionFile, splitVersionFile } from '../src/version-file.js';
import { STORED_ARCHIVE } from './stored-version.js';
import { temporaryHome } from './temporary-home.js';

const RECORD = '{"name":"sigsnoop"}\n';
const PART = new Uint8Array(4096);
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

/** A file with these bytes. */
function file(bytes: Uint8Array): string {
  const path = join(temporaryHome(), 'file');
  writeFileSync(path, bytes);
  return path;
}

describe('splitVersionFile()', () => {
  test('splitVersionFile() gives the archive and the record that joinVersionFile() put together', () => {
    const { archive, record } = splitVersionFile(joinVersionFile(STORED_ARCHIVE, RECORD));
    expect(Buffer.from(archive)).toEqual(Buffer.from(STORED_ARCHIVE));
    expect(text(record)).toBe(RECORD);
  });

  const whole = joinVersionFile(STORED_ARCHIVE, RECORD);
  const changed = (at: number, to: string) =>
    Buffer.concat([whole.subarray(0, at), Buffer.from(to), whole.subarray(at + to.length)]);
  test.each([
    ['an archive alone', STORED_ARCHIVE],
    ['nothing', new Uint8Array()],
    ['a mark alone', Buffer.from('\nebpm:1\n')],
    ['a byte less', whole.subarray(0, -1)],
    ['another mark', changed(whole.length - 3, '2')],
    ['a length that is none', changed(whole.length - 16, '-0000001')],
    ['a length of more than there is', changed(whole.length - 16, '000fffff')],
    ['a length of more than a record has', changed(whole.length - 16, 'ffffffff')],
  ])('splitVersionFile() finds no record in %s', (_what, bytes) => {
    expect(splitVersionFile(bytes)).toEqual({ archive: bytes, record: undefined });
  });
});

describe('readVersionFile()', () => {
  test.each([RECORD, 'x'.repeat(16 * 1024 - 16), 'x'.repeat(16 * 1024), 'x'.repeat(1024 * 1024)])(
    'readVersionFile() reads the record, also a long one, and what the archive hashes to',
    (record) => {
      const path = file(joinVersionFile(STORED_ARCHIVE, record));
      expect(text(readRecordBytes(path))).toBe(record);
      const read = readVersionFile(path, PART);
      expect(text(read?.record)).toBe(record);
      expect(read?.digest).toBe(`sha256:${createHash('sha256').update(STORED_ARCHIVE).digest('hex')}`);
    },
  );

  test('readVersionFile() and readRecordBytes() tell no file from a file without a record', () => {
    const path = file(STORED_ARCHIVE);
    expect(readVersionFile(path, PART)).toBeUndefined();
    expect(readRecordBytes(path)).toEqual(new Uint8Array());
    expect(readVersionFile(`${path}.not`, PART)).toBeUndefined();
    expect(readRecordBytes(`${path}.not`)).toBeUndefined();
  });
});
