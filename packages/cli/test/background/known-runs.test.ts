import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processMark } from '@ebpm/loader';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { findRun, knownRuns } from '../../src/background/known-runs.js';
import { runFiles } from '../../src/background/run-files.js';
import { type RunRecord, writeRunRecord } from '../../src/background/run-record.js';
import { makeRunsFolder, runsFolder } from '../../src/background/runs-folder.js';

const IS_ROOT = process.getuid?.() === 0;
const root = mkdtempSync(join(tmpdir(), 'ebpm-runs-'));
let folder = '';
let count = 0;
beforeEach(() => {
  count += 1;
  folder = join(root, String(count), 'runs');
  makeRunsFolder(folder);
});
afterAll(() => rmSync(root, { recursive: true }));

const LIVING = processMark();
const DEAD = { ...LIVING, pid: spawnSync('true').pid };
/** The number of this process, as another had it before. */
const ANOTHER = { ...LIVING, startTicks: '1' };
const BEFORE_BOOT = { ...LIVING, bootId: '00000000-0000-0000-0000-000000000000' };

function newRun(id: string, fields: Partial<RunRecord> = {}): string {
  const files = runFiles(join(folder, id));
  mkdirSync(files.folder, { mode: 0o700 });
  const record = { id, name: undefined, number: '1', package: 'sigsnoop', args: [], startedAtMs: 0, process: LIVING };
  writeRunRecord(files.record, { ...record, ...fields });
  return files.folder;
}

const ids = () => knownRuns(folder).map(({ record }) => record.id);

describe('knownRuns()', () => {
  it('knownRuns() gives the oldest first, and says which still run', () => {
    newRun('young', { startedAtMs: 2 });
    newRun('old', { startedAtMs: 1, process: DEAD });
    newRun('number', { startedAtMs: 3, process: ANOTHER });
    newRun('boot', { startedAtMs: 4, process: BEFORE_BOOT });
    expect(knownRuns(folder).map(({ record, isRunning }) => [record.id, isRunning])).toEqual([
      ['old', false],
      ['young', true],
      ['number', false],
      ['boot', false],
    ]);
  });

  it('knownRuns() gives nothing where there is no folder', () => {
    expect(knownRuns(join(root, 'nothing'))).toEqual([]);
  });

  it.each<[string, (run: string) => void]>([
    ['a folder that others may write into', (run) => chmodSync(run, 0o777)],
    ['a record that others may write', (run) => chmodSync(join(run, 'run.json'), 0o666)],
    [
      'a record that is a link',
      (run) => {
        rmSync(join(run, 'run.json'));
        symlinkSync('/etc/passwd', join(run, 'run.json'));
      },
    ],
    ['a record that is no JSON', (run) => writeFileSync(join(run, 'run.json'), '{')],
    ['a record that is null', (run) => writeFileSync(join(run, 'run.json'), 'null')],
    ['a record of another form', (run) => writeFileSync(join(run, 'run.json'), '{"id":1,"process":{"pid":"1"}}')],
    ['a record that is too large', (run) => writeFileSync(join(run, 'run.json'), ' '.repeat(5_000_000))],
    ['no record', (run) => rmSync(join(run, 'run.json'))],
  ])('knownRuns() leaves out a run with %s', (_, spoil) => {
    newRun('good');
    spoil(newRun('bad'));
    expect(ids()).toEqual(['good']);
  });

  it.skipIf(!IS_ROOT)('knownRuns() of root leaves out what another user owns', () => {
    newRun('good');
    chownSync(newRun('bad'), 65534, 65534);
    expect(ids()).toEqual(['good']);
    chownSync(folder, 65534, 65534);
    expect(ids()).toEqual([]);
    expect(() => makeRunsFolder(folder)).toThrow(expect.objectContaining({ code: 'EBPM_RUNS_UNAVAILABLE' }));
  });
});

describe('findRun()', () => {
  it('findRun() finds by id, and by name the run that has it now', () => {
    newRun('aaaa', { name: 'signals', startedAtMs: 1 });
    newRun('bbbb', { name: 'signals', startedAtMs: 2, process: DEAD });
    expect(findRun(folder, 'bbbb').record.id).toBe('bbbb');
    expect(findRun(folder, 'signals').record.id).toBe('aaaa');
  });

  it('findRun() finds by name the last that had it, where none runs', () => {
    newRun('aaaa', { name: 'signals', startedAtMs: 1, process: DEAD });
    newRun('bbbb', { name: 'signals', startedAtMs: 2, process: DEAD });
    expect(findRun(folder, 'signals').record.id).toBe('bbbb');
  });

  it('findRun() refuses what it does not know', () => {
    expect(() => findRun(folder, 'nothing')).toThrow(expect.objectContaining({ code: 'EBPM_RUN_UNKNOWN' }));
  });
});

describe('runsFolder()', () => {
  it.skipIf(!IS_ROOT)('runsFolder() of root is in /run, whatever the environment says', () => {
    expect(runsFolder({ XDG_RUNTIME_DIR: '/tmp' })).toBe('/run/ebpm/runs');
  });
});
