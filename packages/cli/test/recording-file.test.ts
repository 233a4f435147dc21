import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordType } from '@ebpm/events';
import { Recorder, replay } from '@ebpm/runner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordingFile, readRecordingFile } from '../src/recording-file.js';

const NOBODY = { name: 'nobody', uid: 65_534, gid: 65_534, home: '/nonexistent' };
/** Events of 8 bytes, and a batch of them with 4 KiB. */
const EVENT: RecordType = {
  name: 'event',
  sizeBytes: 8,
  fields: [{ name: 'number', offsetBytes: 0, typeName: 'u64', type: { kind: 'int', sizeBytes: 8, signed: false } }],
};
const RECORDS = 256;
const BATCH = Buffer.concat(Array.from({ length: RECORDS }, () => Buffer.from([8, ...Array(15).fill(0)])));
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

/** A file system of 64 KiB, while the test looks at it. */
function onSmallDisk(action: (disk: string) => Promise<void>): Promise<void> {
  const disk = mkdtempSync(join(folder, 'disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  return action(disk).finally(() => execFileSync('umount', [disk]));
}

const canMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

describe.skipIf(!canMount)('a recording on a full disk (needs root)', () => {
  it('ends with one error and leaves what can be replayed', () =>
    onSmallDisk(async (disk) => {
      const path = join(disk, 'full');
      const file = createRecordingFile(path, undefined);
      const header = { package: 'x', kernel: '6', machine: 'x64', realtimeNs: '0', monotonicNs: '0' };
      const recorder = new Recorder({ header, write: file.write, nowNs: () => 1n });
      const record = recorder.stream('events', EVENT);
      let batches = 0;
      const fill = () => {
        for (; batches < 100; batches++) record(BATCH);
      };
      expect(fill).toThrow(
        expect.objectContaining({ code: 'EBPM_RECORD_FAILED', message: expect.stringContaining('ENOSPC') }),
      );
      expect(batches).toBeGreaterThan(5);
      // The rest of a run that ends.
      record(BATCH);
      recorder.end({});
      file.close();
      let text = '';
      const write = (chunk: Uint8Array | string) => {
        text += Buffer.from(chunk).toString();
      };
      const result = await replay(await readRecordingFile(path), { source: path, output: 'json', write });
      expect(result).toMatchObject({ damage: undefined, ledger: undefined });
      expect(text.split('\n')).toHaveLength(batches * RECORDS + 1);
    }));
});

it('readRecordingFile() refuses what is missing and what is no regular file', async () => {
  for (const name of ['missing', '.', 'pipe']) {
    await expect(readRecordingFile(join(folder, name))).rejects.toMatchObject({ code: 'EBPM_FILE_UNREADABLE' });
  }
});
