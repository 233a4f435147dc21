import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { currentNetns, type Remains, recordRemains, removeRemains } from '../src/remains.js';

const root = mkdtempSync(join(tmpdir(), 'ebpm-remains-'));
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'records-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** On the loopback interface, of a program that does not exist. */
const REMAINS: Remains = {
  kind: 'tc',
  netns: currentNetns(),
  ifindex: 1,
  egress: false,
  programId: 2 ** 31,
  madeQdisc: false,
};

/** A record that a process has left which is gone by now. */
function recordOfTheDead(change: (record: { owner: Record<string, unknown> }) => void = () => {}): string {
  recordRemains(REMAINS, folder);
  const [name = ''] = readdirSync(folder);
  const record = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  record.owner.pid = spawnSync('true').pid;
  change(record);
  writeFileSync(join(folder, name), JSON.stringify(record));
  return name;
}

describe('recordRemains()', () => {
  it('recordRemains() writes one file, which forget() removes, twice too', () => {
    const record = recordRemains(REMAINS, folder);
    expect(readdirSync(folder)).toHaveLength(1);
    record.forget();
    record.forget();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('recordRemains() refuses where it cannot write', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => recordRemains(REMAINS, join(folder, 'file/records'))).toThrow(
      expect.objectContaining({ code: 'EBPM_REMAINS_UNWRITABLE' }),
    );
  });
});

describe('removeRemains()', () => {
  it('removeRemains() leaves the record of a process that lives', () => {
    recordRemains(REMAINS, folder);
    expect(removeRemains(folder)).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('removeRemains() forgets what a dead process has left, and gives only what was still there', () => {
    recordOfTheDead();
    expect(removeRemains(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('removeRemains() takes another process with the same number for another one', () => {
    recordOfTheDead((record) => Object.assign(record.owner, { pid: process.pid, startTicks: '1' }));
    removeRemains(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('removeRemains() forgets what an earlier boot has left', () => {
    recordOfTheDead((record) => Object.assign(record.owner, { bootId: 'another', pid: process.pid }));
    removeRemains(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('removeRemains() leaves files that are no records, and does nothing without a folder', () => {
    writeFileSync(join(folder, 'text.json'), 'no JSON');
    writeFileSync(join(folder, 'other.json'), '{"owner": {"pid": 1}}');
    writeFileSync(join(folder, 'null.json'), 'null');
    expect(removeRemains(folder)).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(3);
    expect(removeRemains(join(folder, 'nowhere'))).toEqual([]);
  });
});
