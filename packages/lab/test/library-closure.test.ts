import { execFileSync } from 'node:child_process';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { libraryClosure, readLdconfig } from '../src/library-closure.js';
import { elfFile } from './elf-file.js';
import { inTemporaryFolder } from './temporary-folder.js';

const LIB = '/lib/x86_64-linux-gnu';

describe('readLdconfig()', () => {
  it('takes the first 64-bit library of a name', () => {
    const text = `3 libs found in cache \`/etc/ld.so.cache'
\tlibz.so.1 (libc6,x86-64) => /opt/z/libz.so.1
\tlibz.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libz.so.1
\tlibz.so.1 (libc6) => /lib/i386-linux-gnu/libz.so.1
\tlibm.so.6 (libc6,x86-64, OS ABI: Linux 3.2.0) => /lib/libm.so.6
`;
    expect([...readLdconfig(text)]).toEqual([
      ['libz.so.1', '/opt/z/libz.so.1'],
      ['libm.so.6', '/lib/libm.so.6'],
    ]);
  });
});

describe('libraryClosure()', () => {
  it('finds for node what ldd(1) finds', async () => {
    const system = readLdconfig(execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }));
    const { size } = await stat(process.execPath);
    const found = await libraryClosure([{ hostPath: process.execPath, sizeBytes: size }], system);
    const ldd = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
    const expected = [...ldd.matchAll(/(\/\S+)/g)].map(([, path = '']) => basename(path));
    expect([...new Set([...found.keys()].map((path) => basename(path)))].sort()).toEqual([...new Set(expected)].sort());
    expect([...found.keys()]).toEqual(expect.arrayContaining(['/lib64/ld-linux-x86-64.so.2', `${LIB}/libc.so.6`]));
  });

  it('follows libraries of libraries, each once, and leaves out what is missing', () =>
    inTemporaryFolder(async (folder) => {
      const a = elfFile({ needed: ['libb.so', 'libmissing.so'] });
      const b = elfFile({ needed: ['liba.so'] });
      await writeFile(join(folder, 'liba.so'), a);
      await writeFile(join(folder, 'libb.so'), b);
      const system = new Map(['liba.so', 'libb.so', 'libgone.so'].map((name) => [name, join(folder, name)]));
      const found = await libraryClosure([elfFile({ needed: ['liba.so', 'libgone.so'] })], system);
      expect([...found]).toEqual([
        [`${LIB}/liba.so`, { hostPath: join(folder, 'liba.so'), sizeBytes: a.length }],
        [`${LIB}/libb.so`, { hostPath: join(folder, 'libb.so'), sizeBytes: b.length }],
      ]);
    }));

  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what stands in such a file.
  it.each(['$ORIGIN/lib', '${ORIGIN}/lib'])('looks into %s before the system', (runPath) =>
    inTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'lib'));
      await writeFile(join(folder, 'lib/liba.so'), '');
      const tool = elfFile({ needed: ['liba.so'], runPath });
      await writeFile(join(folder, 'tool'), tool);
      const file = { hostPath: join(folder, 'tool'), sizeBytes: tool.length };
      const found = await libraryClosure([file], new Map([['liba.so', '/dev/null']]));
      expect(found.get(`${LIB}/liba.so`)?.hostPath).toBe(join(folder, 'lib/liba.so'));
    }),
  );

  it('takes files that are no programs as they are', async () => {
    expect([...(await libraryClosure([Buffer.from('text'), new Uint8Array()], new Map()))]).toEqual([]);
  });
});
