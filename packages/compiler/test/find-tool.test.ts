import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBpftool, findCompilerTools } from '../src/find-tool.js';
import { dirWith } from './project-dir.js';

/** A directory of executable scripts. */
async function tools(scripts: Readonly<Record<string, string>>): Promise<string> {
  const dir = await dirWith(scripts);
  for (const name of Object.keys(scripts)) await chmod(join(dir, name), 0o755);
  return dir;
}

function clang(version: string): string {
  return `#!/bin/sh\necho "Debian clang version ${version}"\n`;
}

describe('findCompilerTools()', () => {
  it('takes the plain names first', async () => {
    const dir = await tools({
      clang: clang('14.0.6'),
      'clang-19': clang('19.1.0'),
      'llvm-strip': '',
      'llvm-strip-19': '',
    });
    expect(await findCompilerTools(dir)).toEqual({ clang: join(dir, 'clang'), llvmStrip: join(dir, 'llvm-strip') });
  });

  it('takes the newest version when the plain clang is too old', async () => {
    const dir = await tools({
      clang: clang('11.0.1'),
      'clang-9': clang('9.0'),
      'clang-19': clang('19.1.0'),
      'clang-15': clang('15'),
      'llvm-strip-15': '',
    });
    expect(await findCompilerTools(dir)).toEqual({
      clang: join(dir, 'clang-19'),
      llvmStrip: join(dir, 'llvm-strip-15'),
    });
  });

  it('looks into the directories in their order, and not into relative ones', async () => {
    const first = await tools({ 'llvm-strip': '' });
    const second = await tools({ clang: clang('14.0.6'), 'llvm-strip': '' });
    expect(await findCompilerTools(`.::${first}:/nowhere:${second}`)).toEqual({
      clang: join(second, 'clang'),
      llvmStrip: join(first, 'llvm-strip'),
    });
  });

  it('refuses a clang that is too old, and says which it found', async () => {
    const dir = await tools({ clang: clang('13.0.1'), 'llvm-strip': '' });
    await expect(findCompilerTools(dir)).rejects.toMatchObject({
      code: 'EBPM_TOOL_MISSING',
      message: `Cannot build: "${join(dir, 'clang')}" is version 13, wanted 14 or later`,
      data: { tool: 'clang', debianPackage: 'clang' },
    });
  });

  it('does not take what cannot be executed', async () => {
    const dir = await dirWith({ clang: clang('14.0.6') });
    await expect(findCompilerTools(dir)).rejects.toMatchObject({
      message: 'Cannot build: "clang" is not installed, wanted 14 or later',
    });
  });

  it('says which package brings llvm-strip', async () => {
    const dir = await tools({ clang: clang('14.0.6') });
    await expect(findCompilerTools(dir)).rejects.toMatchObject({
      code: 'EBPM_TOOL_MISSING',
      message: 'Cannot build: "llvm-strip" is not installed',
      hint: 'On Debian and Ubuntu: sudo apt-get install llvm',
    });
  });
});

describe('findBpftool()', () => {
  it('takes the one in the search path', async () => {
    const dir = await tools({ bpftool: '' });
    expect(await findBpftool(dir)).toBe(join(dir, 'bpftool'));
  });
});
