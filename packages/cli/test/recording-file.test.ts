import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordingFile, readRecordingFile } from '../src/recording-file.js';

const NOBODY = { name: 'nobody', uid: 65_534, gid: 65_534, home: '/nonexistent' };
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-recording-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('createRecordingFile()', () => {
  it('createRecordingFile() writes what it is given, into a file that others may not read', () => {
    const path = join(folder, 'own');
    writeFileSync(path, 'what was there before, and is longer');
    rmSync(path);
    const file = createRecordingFile(path, undefined);
    file.write([Buffer.from('a'), Buffer.from('bc')]);
    file.write([Buffer.from('d')]);
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('abcd');
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    createRecordingFile(path, undefined).close();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('createRecordingFile() follows no link and takes no pipe, folder or missing folder', () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'kept');
    symlinkSync(target, join(folder, 'link'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const refusals = { link: 'it is a symbolic link', pipe: '', '.': '', 'no/such': 'ENOENT' };
    for (const [name, reason] of Object.entries(refusals)) {
      expect(() => createRecordingFile(join(folder, name), undefined)).toThrow(
        expect.objectContaining({ code: 'EBPM_FILE_UNWRITABLE', message: expect.stringContaining(reason) }),
      );
    }
    expect(readFileSync(target, 'utf8')).toBe('kept');
  });

  it.skipIf(process.getuid?.() !== 0)('createRecordingFile() opens it with the rights of the user behind sudo', () => {
    // Only root may write here.
    expect(() => createRecordingFile(join(folder, 'theirs'), NOBODY)).toThrow('EACCES');
    chmodSync(folder, 0o777);
    createRecordingFile(join(folder, 'theirs'), NOBODY).close();
    expect(lstatSync(join(folder, 'theirs'))).toMatchObject({ uid: NOBODY.uid, gid: NOBODY.gid });
    expect([process.getuid?.(), process.geteuid?.(), process.getegid?.()]).toEqual([0, 0, 0]);
    writeFileSync(join(folder, 'roots'), 'kept', { mode: 0o600 });
    expect(() => createRecordingFile(join(folder, 'roots'), NOBODY)).toThrow('EACCES');
    expect(readFileSync(join(folder, 'roots'), 'utf8')).toBe('kept');
  });
});

it('readRecordingFile() refuses what is missing and what is no regular file', async () => {
  for (const name of ['missing', '.', 'pipe']) {
    await expect(readRecordingFile(join(folder, name))).rejects.toMatchObject({ code: 'EBPM_FILE_UNREADABLE' });
  }
});
