import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPerfMap } from '../../src/symbols/perf-map.js';
import { type ProcessFile, processFilesHere } from '../../src/symbols/process-files.js';
import { mappingAt, readProcessMaps } from '../../src/symbols/process-maps.js';
import { UserSymbols } from '../../src/symbols/user-symbols.js';

/** Prints where its own function and one of libc are, and waits. */
const SOURCE = `
#include <stdio.h>
#include <unistd.h>
__attribute__((noinline)) void known_function(void) { puts(""); }
int main(void) { char c; printf("%p %p\\n", (void *)known_function, (void *)getppid); fflush(stdout); return read(0, &c, 1); }
`;

const folder = mkdtempSync(join(tmpdir(), 'ebpm-user-symbols-'));
const program = join(folder, 'program');
beforeAll(() => {
  writeFileSync(`${program}.c`, SOURCE);
  execFileSync('cc', ['-O1', '-pie', '-o', program, `${program}.c`]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('UserSymbols', () => {
  it('UserSymbols.frames() names functions of a program and of its libraries, wherever they were loaded', async () => {
    const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      const [line] = await once(child.stdout, 'data');
      const [own = 0n, libc = 0n] = String(line).trim().split(' ').map(BigInt);
      const symbols = new UserSymbols(processFilesHere());
      const frames = symbols.frames(child.pid ?? 0, [own + 1n, libc + 1n, 0x10n]);
      expect(frames[0]).toMatchObject({ address: own + 1n, symbol: 'known_function', offsetBytes: 1, module: program });
      // A return address: the call before it is looked up, and the place itself is shown.
      expect(frames[1]).toMatchObject({ address: libc + 1n, symbol: 'getppid', offsetBytes: 1 });
      expect(frames[1]?.module).toContain('libc');
      expect(frames[2]).toEqual({ address: 0x10n, symbol: undefined, offsetBytes: undefined, module: undefined });
    } finally {
      child.stdin.end();
      await once(child, 'exit');
    }
  });

  it('UserSymbols.frames() knows nothing of a process that is gone', () => {
    expect(new UserSymbols(processFilesHere()).frames(4_194_305, [0x1000n])).toMatchObject([{ address: 0x1000n }]);
  });

  it('UserSymbols.frames() asks the perf map for what lies in no file', () => {
    const maps = join(folder, 'maps');
    const perfMap = join(folder, 'perf-1.map');
    writeFileSync(maps, '7f0000000000-7f0000010000 rwxp 00000000 00:00 0 \n');
    writeFileSync(perfMap, '7f0000000100 40 LazyCompile:~spin;/a b.js:1\n');
    const files = { open: (_: number, file: ProcessFile) => openSync(file === 'maps' ? maps : perfMap, 'r') };
    expect(new UserSymbols(files).frames(1, [0x7f00_0000_0110n, 0x7f00_0000_0200n])).toMatchObject([
      { symbol: 'LazyCompile:~spin;/a b.js:1', offsetBytes: 0x10 },
      { symbol: undefined },
    ]);
  });
});

describe('processFilesHere()', () => {
  const files = processFilesHere();
  const perfMap = `/tmp/perf-${process.pid}.map`;
  afterAll(() => rmSync(perfMap, { force: true }));

  it('processFilesHere() opens no folder, and no link in place of a perf map', () => {
    expect(files.open(process.pid, { mapped: folder })).toBeUndefined();
    symlinkSync('/etc/passwd', perfMap);
    expect(files.open(process.pid, { perfMapOf: process.pid })).toBeUndefined();
    rmSync(perfMap);
  });

  it('processFilesHere() opens no pipe, and does not wait for one', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(files.open(process.pid, { mapped: pipe })).toBeUndefined();
  });

  it.runIf(process.getuid?.() === 0)('processFilesHere() opens no perf map of another user', async () => {
    writeFileSync(perfMap, '1 1 x\n');
    execFileSync('chown', ['65534', perfMap]);
    chmodSync(perfMap, 0o644);
    expect(files.open(process.pid, { perfMapOf: process.pid })).toBeUndefined();
    execFileSync('chown', ['0', perfMap]);
    expect(files.open(process.pid, { perfMapOf: process.pid })).toBeTypeOf('number');
  });
});

describe('readProcessMaps()', () => {
  const TEXT = `55d000001000-55d000002000 r-xp 00001000 fe:01 1234 /usr/bin/a b (deleted)
55d000002000-55d000003000 r--p 00002000 fe:01 1234 /usr/bin/a b
7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                          [vdso]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
7f0000000000-7f0000001000 rwxp 00000000 00:00 0 
`;

  it('readProcessMaps() gives the executable mappings', () => {
    const mappings = readProcessMaps(TEXT);
    expect(mappings.map(({ path, offsetBytes }) => [path, offsetBytes])).toEqual([
      ['/usr/bin/a b (deleted)', 0x1000],
      ['[vdso]', 0],
      ['[vsyscall]', 0],
      ['', 0],
    ]);
    expect(mappingAt(mappings, 0x55d0_0000_1fffn)?.offsetBytes).toBe(0x1000);
    expect(mappingAt(mappings, 0x55d0_0000_2000n)).toBeUndefined();
  });
});

describe('readPerfMap()', () => {
  it('readPerfMap() takes the later of two lines for one place, and leaves other lines out', () => {
    const symbols = readPerfMap('1000 10 old\n0x1000 20 new name\nrubbish\n2000 10 \n');
    expect(symbols.find(0x1018)).toEqual({ name: 'new name', offsetBytes: 0x18 });
    expect(symbols.find(0x1020)).toBeUndefined();
    expect(symbols.count).toBe(1);
  });
});
