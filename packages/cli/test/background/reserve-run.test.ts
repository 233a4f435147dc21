import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMark } from '@ebpm/loader';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { reserveRun } from '../../src/background/reserve-run.js';
import { runFiles } from '../../src/background/run-files.js';
import { type RunRecord, writeRunRecord } from '../../src/background/run-record.js';
import { makeRunsFolder } from '../../src/background/runs-folder.js';

const root = mkdtempSync(join(tmpdir(), 'ebpm-reserve-'));
let folder = '';
let count = 0;
beforeEach(() => {
  count += 1;
  folder = join(root, String(count));
  makeRunsFolder(folder);
});
afterAll(() => rmSync(root, { recursive: true }));

const WANTED = { name: 'signals', spec: 'sigsnoop', programArgs: ['--pid', '1'] };
const TAKEN = expect.objectContaining({ code: 'EBPM_RUN_NAME_TAKEN' });

/** Another run's first step, and what it does as its second. */
function anotherRun(id: string): (fields: Partial<RunRecord>) => void {
  const files = runFiles(join(folder, id));
  mkdirSync(files.folder, { mode: 0o700 });
  const record = { id, name: 'signals', number: '1', package: 'x', args: [], startedAtMs: 0, process: processMark() };
  return (fields) => writeRunRecord(files.record, { ...record, ...fields });
}

const later = () => String(process.hrtime.bigint() + 1_000_000_000n);

describe('reserveRun()', () => {
  it('reserveRun() writes a record in a folder of its own', async () => {
    const record = await reserveRun(folder, WANTED);
    expect(readdirSync(folder)).toEqual([record.id]);
    expect(record).toMatchObject({
      name: 'signals',
      package: 'sigsnoop',
      args: ['--pid', '1'],
      process: processMark(),
    });
  });

  it('reserveRun() refuses the name, and the id, of a run that runs, and leaves nothing', async () => {
    anotherRun('0badcafe')({});
    await expect(reserveRun(folder, WANTED)).rejects.toEqual(TAKEN);
    await expect(reserveRun(folder, { ...WANTED, name: '0badcafe' })).rejects.toEqual(TAKEN);
    expect(readdirSync(folder)).toEqual(['0badcafe']);
    await expect(reserveRun(folder, { ...WANTED, name: undefined })).resolves.toMatchObject({ name: undefined });
  });

  it('reserveRun() gives away a name whose owner has ended', async () => {
    anotherRun('0badcafe')({ process: { ...processMark(), startTicks: '1' } });
    await expect(reserveRun(folder, WANTED)).resolves.toMatchObject({ name: 'signals' });
  });

  it('reserveRun() waits for one that has begun, and gives way when that came first', async () => {
    const second = anotherRun('0badcafe');
    const reserved = reserveRun(folder, WANTED);
    setTimeout(() => second({ number: '1' }), 30);
    await expect(reserved).rejects.toEqual(TAKEN);
  });

  it('reserveRun() waits for one that has begun, and keeps the name when that came later', async () => {
    const second = anotherRun('0badcafe');
    const reserved = reserveRun(folder, WANTED);
    setTimeout(() => second({ number: later() }), 30);
    await expect(reserved).resolves.toMatchObject({ name: 'signals' });
  });

  it('reserveRun() does not wait for one that has died before it had a record', async () => {
    anotherRun('0badcafe');
    utimesSync(join(folder, '0badcafe'), 0, 0);
    await expect(reserveRun(folder, WANTED)).resolves.toMatchObject({ name: 'signals' });
  });
});
