import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { readApproval, writeApproval } from '../../src/consent/approvals.js';
import { MAX_APPROVAL_BYTES } from '../../src/limits.js';
import { refused } from '../refused.js';
import { temporaryHome } from '../temporary-home.js';

const OBJECT = digestOf(Buffer.from('object'));
const ME = process.geteuid?.() ?? 0;
const APPROVAL = {
  approval: 1 as const,
  object: OBJECT,
  source: 'tool@1.0.0',
  approvedAt: '2026-11-26T15:00:00.000Z',
  approved: { table: 1, facts: 1, classes: { 'sends-signals': ['perf_event'] } },
};

function fileIn(home: string): string {
  return join(home, 'approvals', `${OBJECT.slice('sha256:'.length)}.json`);
}

function written(text: string, mode = 0o644): string {
  const home = temporaryHome();
  mkdirSync(join(home, 'approvals'));
  writeFileSync(fileIn(home), text);
  chmodSync(fileIn(home), mode);
  return home;
}

describe('approvals', () => {
  test('readApproval() finds nothing in a new home, and what writeApproval() has kept', async () => {
    const home = join(temporaryHome(), 'new');
    expect(await readApproval(home, OBJECT, [ME])).toEqual({ approval: undefined });
    await writeApproval(home, APPROVAL);
    expect(await readApproval(home, OBJECT, [ME])).toEqual({ approval: APPROVAL });
    expect(statSync(fileIn(home)).mode & 0o022).toBe(0);
  });

  test.each([
    ['no JSON', '{', 'it is not JSON'],
    ['a name twice', '{"approval":1,"approval":1}', 'it is not JSON'],
    ['another form', JSON.stringify({ ...APPROVAL, approval: 2 }), '/approval'],
    ['another object', JSON.stringify({ ...APPROVAL, object: digestOf(Buffer.from('x')) }), 'it is of another object'],
    ['no targets', JSON.stringify({ ...APPROVAL, approved: { table: 1, facts: 1, classes: { a: 'b' } } }), 'classes'],
  ])('readApproval() counts a file with %s for nothing, and says why', async (_, text, reason) => {
    const { approval, problem } = await readApproval(written(text), OBJECT, [ME]);
    expect(approval).toBe(undefined);
    expect(problem).toContain(reason);
  });

  test.each([0o664, 0o646, 0o666])(
    'readApproval() ignores a file that others may write into, of mode %o',
    async (mode) => {
      const { approval, problem } = await readApproval(written(JSON.stringify(APPROVAL), mode), OBJECT, [ME]);
      expect(approval).toBe(undefined);
      expect(problem).toContain('others may write into it');
    },
  );

  test('readApproval() ignores a file of a user who is none of those', async () => {
    const { approval, problem } = await readApproval(written(JSON.stringify(APPROVAL)), OBJECT, [ME + 1]);
    expect(approval).toBe(undefined);
    expect(problem).toContain(`it belongs to the user ${ME}`);
  });

  test.runIf(ME === 0)('readApproval() takes the file of one of several users', async () => {
    const home = written(JSON.stringify(APPROVAL));
    chownSync(fileIn(home), 65534, 65534);
    expect((await readApproval(home, OBJECT, [0])).approval).toBe(undefined);
    expect((await readApproval(home, OBJECT, [0, 65534])).approval).toEqual(APPROVAL);
  });

  test('readApproval() reads no more than an approval can have, and waits for nobody', async () => {
    const home = written(' '.repeat(MAX_APPROVAL_BYTES + 1));
    expect((await readApproval(home, OBJECT, [ME])).problem).toContain(`more than ${MAX_APPROVAL_BYTES} bytes`);
    const other = temporaryHome();
    mkdirSync(join(other, 'approvals'));
    symlinkSync('/dev/zero', fileIn(other));
    expect((await readApproval(other, OBJECT, [ME])).problem).toContain('not a regular file');
  });

  test('writeApproval() refuses what readApproval() would not read, and a folder that cannot be written', async () => {
    const home = temporaryHome();
    const classes = { 'sends-signals': Array.from({ length: 1000 }, (_, n) => `${n}`.padEnd(2000, 'x')) };
    const large = { ...APPROVAL, approved: { ...APPROVAL.approved, classes } };
    await expect(writeApproval(home, large)).rejects.toEqual(refused('EBPM_STORE_UNWRITABLE', 'more than'));
    writeFileSync(join(home, 'file'), '');
    await expect(writeApproval(join(home, 'file'), APPROVAL)).rejects.toEqual(refused('EBPM_STORE_UNWRITABLE'));
    expect(readFileSync(join(home, 'file'), 'utf8')).toBe('');
  });
});
