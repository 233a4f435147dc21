import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildPackage } from '../src/build-package.js';
import { vmlinuxHeaderDir } from '../src/vmlinux-header.js';
import { buildOptions } from './options.js';
import { copyOf, EXAMPLES, FIXTURES, newDir } from './project-dir.js';

const searchPath = process.env['PATH'] ?? '';
/** A file with BTF, and an empty cache. An object has BTF too, so no kernel is needed. */
async function btfAndCache() {
  const { object } = await buildPackage(buildOptions(await copyOf(join(FIXTURES, 'annotated'))));
  const dir = await newDir();
  await writeFile(join(dir, 'btf'), object);
  return { btfPath: join(dir, 'btf'), cacheDir: join(dir, 'cache'), searchPath };
}

describe('vmlinuxHeaderDir()', () => {
  it('makes vmlinux.h from BTF', async () => {
    const dir = await vmlinuxHeaderDir(await btfAndCache());
    expect(await readdir(dir)).toEqual(['vmlinux.h']);
    expect(await readFile(join(dir, 'vmlinux.h'), 'utf8')).toMatch(/preserve_access_index[\s\S]*struct event \{/);
  });

  it('makes it once for the same BTF', async () => {
    const options = await btfAndCache();
    const dir = await vmlinuxHeaderDir(options);
    await writeFile(join(dir, 'vmlinux.h'), 'kept');
    expect(await vmlinuxHeaderDir(options)).toBe(dir);
    expect(await readFile(join(dir, 'vmlinux.h'), 'utf8')).toBe('kept');
  });

  it('says what to do when there is no BTF', async () => {
    const options = await btfAndCache();
    await rm(options.btfPath);
    await expect(vmlinuxHeaderDir(options)).rejects.toMatchObject({
      code: 'EBPM_BUILD_NO_BTF',
      message: `Cannot make vmlinux.h: a kernel's BTF cannot be read from "${options.btfPath}"`,
    });
  });

  it('refuses a directory in the place of BTF', async () => {
    const options = await btfAndCache();
    await expect(vmlinuxHeaderDir({ ...options, btfPath: searchPath.split(':')[0] })).rejects.toMatchObject({
      code: 'EBPM_BUILD_NO_BTF',
    });
  });

  it('refuses what is no BTF, and keeps nothing of it', async () => {
    const options = await btfAndCache();
    await writeFile(options.btfPath, 'no BTF');
    await expect(vmlinuxHeaderDir(options)).rejects.toMatchObject({
      code: 'EBPM_BUILD_TOOL_FAILED',
      data: { diagnostics: expect.stringContaining('Error: failed to load BTF') },
    });
    const [digest = ''] = await readdir(join(options.cacheDir, 'vmlinux'));
    expect(await readdir(join(options.cacheDir, 'vmlinux', digest))).toEqual([]);
  });
});

describe('buildPackage()', () => {
  it('takes the types from the BTF that it is given', async () => {
    const { btfPath, cacheDir } = await btfAndCache();
    const dir = await copyOf(join(EXAMPLES, 'sigsnoop'));
    await rm(join(dir, 'vmlinux.h'));
    // The fixture's BTF knows no syscall tracepoints, and clang says so.
    await expect(buildPackage({ ...buildOptions(dir), btfPath, cacheDir })).rejects.toMatchObject({
      code: 'EBPM_BUILD_COMPILE_FAILED',
      data: { diagnostics: expect.stringContaining('sigsnoop.bpf.c') },
    });
  });
});
