import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLimited } from '../src/read-limited.js';
import { runTool } from '../src/run-tool.js';
import { dirWith } from './project-dir.js';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('readLimited()', () => {
  it('reads a file of just the limit, and an empty one', async () => {
    const dir = await dirWith({ file: '12345', empty: '' });
    expect(text(await readLimited(join(dir, 'file'), 5))).toBe('12345');
    expect(text(await readLimited(join(dir, 'empty'), 5))).toBe('');
  });

  it('reads a file that claims to be empty', async () => {
    expect(text(await readLimited('/proc/self/status', 100_000))).toContain('Pid:');
  });

  it('reads a file of several chunks', async () => {
    const dir = await dirWith({ file: 'abc'.repeat(1_000_000) });
    expect(text(await readLimited(join(dir, 'file'), 4_000_000))).toBe('abc'.repeat(1_000_000));
  });

  it('refuses a file that is larger', async () => {
    const path = join(await dirWith({ file: '123456' }), 'file');
    await expect(readLimited(path, 5)).rejects.toMatchObject({
      code: 'EBPM_BUILD_TOO_LARGE',
      message: `Cannot read "${path}": it is larger than 5 bytes`,
    });
  });

  it('refuses a device behind a link, a directory and a named pipe', async () => {
    const dir = await dirWith({});
    await symlink('/dev/zero', join(dir, 'link'));
    await runTool('/usr/bin/mkfifo', [join(dir, 'pipe')]);
    for (const path of [join(dir, 'link'), dir, join(dir, 'pipe')]) {
      await expect(readLimited(path, 5)).rejects.toMatchObject({ code: 'EINVAL' });
    }
  });
});
