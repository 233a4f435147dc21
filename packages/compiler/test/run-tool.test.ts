import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES, MAX_OUTPUT_BYTES } from '../src/limits.js';
import { runTool } from '../src/run-tool.js';
import { newDir } from './project-dir.js';

const sh = (script: string, options = {}) => runTool('/bin/sh', ['-c', script], options);

describe('runTool()', () => {
  it('gives exit code and output', async () => {
    expect(await sh('echo out; echo err >&2; exit 3')).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('passes arguments as they are', async () => {
    expect(await runTool('/usr/bin/printf', ['%s|', 'a b', '$(c)', ''])).toMatchObject({ stdout: 'a b|$(c)||' });
  });

  it('passes nothing of the environment on', async () => {
    const { stdout } = await runTool('/usr/bin/env', [], { tempDir: '/tmp/x' });
    expect(
      stdout
        .split('\n')
        .filter((line) => !/^(PWD|OLDPWD|_)=/.test(line))
        .sort(),
    ).toEqual(['', 'LC_ALL=C', 'PATH=/usr/bin:/bin', 'TMPDIR=/tmp/x']);
  });

  it('gives a signal that ended the tool as a shell does', async () => {
    expect(await sh('kill -SEGV $$')).toMatchObject({ exitCode: 139 });
  });

  it('writes into a file that it is given', async () => {
    const path = join(await newDir(), 'out');
    const file = await open(path, 'wx');
    expect(await sh('echo text', { stdoutFd: file.fd })).toMatchObject({ stdout: '' });
    await file.close();
    expect((await stat(path)).size).toBe(5);
  });

  it('ends a tool that takes too long', async () => {
    await expect(runTool('/bin/sleep', ['60'], { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'EBPM_BUILD_TIMEOUT',
      message: 'Cannot finish the build: "/bin/sleep" ran for more than 0.05 s',
    });
  });

  it('ends a tool when it is told to', async () => {
    await expect(runTool('/bin/sleep', ['60'], { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('ends a tool that prints too much', async () => {
    await expect(runTool('/usr/bin/yes', [])).rejects.toMatchObject({
      code: 'EBPM_BUILD_TOO_LARGE',
      data: { limitBytes: MAX_OUTPUT_BYTES },
    });
  });

  it('stops a tool from writing a file that is too large', async () => {
    const path = join(await newDir(), 'out');
    const args = ['if=/dev/zero', `of=${path}`, 'bs=1M', `seek=${MAX_FILE_BYTES / 1024 / 1024}`, 'count=1'];
    await expect(runTool('/bin/dd', args)).rejects.toMatchObject({
      code: 'EBPM_BUILD_TOO_LARGE',
      data: { limitBytes: MAX_FILE_BYTES },
    });
  });

  it('limits the memory of a tool', async () => {
    expect(await sh('ulimit -v; ulimit -c')).toMatchObject({ stdout: `${4 * 1024 * 1024}\n0\n` });
  });

  it('fails when the tool does not exist', async () => {
    expect(await runTool('/nowhere/clang', [])).toMatchObject({ exitCode: 127 });
  });
});
