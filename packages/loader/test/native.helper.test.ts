import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrivilegedHelper, type ProcessFile } from '../src/privileged-helper.js';

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = { name: 'nobody', uid: 65534, gid: 65534 };
/** CAP_DAC_READ_SEARCH and CAP_SYS_PTRACE (include/uapi/linux/capability.h). */
const TWO_CAPABILITIES = '0000000000080004';

describe.skipIf(!IS_ROOT)('PrivilegedHelper', () => {
  let other: ChildProcess;
  let pid: number;
  let files: PrivilegedHelper;
  beforeAll(async () => {
    // A process of a third user, which nobody may not look into.
    other = spawn('sleep', ['60'], { uid: 65533, gid: 65533, stdio: 'ignore' });
    await once(other, 'spawn');
    pid = other.pid ?? 0;
    files = PrivilegedHelper.start(NOBODY, 'user symbols');
  });
  afterAll(() => {
    files.close();
    other.kill();
  });

  it("open() gives what a process maps, and the files that it runs code from, of another user's process", () => {
    const maps = read(files, 'maps') ?? '';
    const program = /r-xp .* (\/\S*sleep|\/\S*coreutils)$/m.exec(maps)?.[1] ?? '';
    expect(maps).toContain('[stack]');
    const fd = files.open(pid, { mapped: program }) ?? -1;
    expect(fstatSync(fd).ino).toBe(statSync(program).ino);
    closeSync(fd);
  });

  it.each<[string, ProcessFile]>([
    ['a file that it does not run', { mapped: '/etc/passwd' }],
    ['a path that climbs', { mapped: '/../../etc/passwd' }],
    ['a path longer than any', { mapped: `/${'x'.repeat(5000)}` }],
    ['a perf map that is not there', { perfMapOf: 4_194_305 }],
  ])('open() gives nothing for %s', (_, file) => {
    expect(files.open(pid, file)).toBeUndefined();
    expect(read(files, 'maps')).toContain('[stack]');
  });

  it('open() gives nothing for a process that is not there', () => {
    expect(files.open(4_194_305, 'maps')).toBeUndefined();
  });

  it('the helper is that user, has these capabilities and nothing open, and ends when it is closed', () => {
    const [pidOfHelper = 0] = helpers();
    const status = readFileSync(`/proc/${pidOfHelper}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    for (const name of ['CapPrm', 'CapEff', 'CapBnd']) expect(status).toContain(`${name}:\t${TWO_CAPABILITIES}`);
    for (const name of ['CapInh', 'CapAmb']) expect(status).toContain(`${name}:\t0000000000000000`);
    expect(
      execFileSync('ls', [`/proc/${pidOfHelper}/fd`], { encoding: 'utf8' })
        .trim()
        .split('\n'),
    ).toHaveLength(1);
    files.close();
    files.close();
    expect(helpers()).toEqual([]);
  });

  function read(from: PrivilegedHelper, file: ProcessFile): string | undefined {
    const fd = from.open(pid, file);
    if (fd === undefined) return undefined;
    const text = readFileSync(fd, 'utf8');
    closeSync(fd);
    return text;
  }
});

/** The helpers of this process. */
function helpers(): readonly number[] {
  const lines = execFileSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,comm='], { encoding: 'utf8' }).split(
    '\n',
  );
  return lines.filter((line) => line.endsWith('ebpm-helper')).map((line) => Number.parseInt(line, 10));
}
