import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const WRITER = fileURLToPath(new URL('../../node_modules/.cache/ebpm-e2e/full-disk-writer.mjs', import.meta.url));

/** A mount that only one process sees, and that is gone with it. */
const UNSHARE = ['--mount', '--map-root-user'];
const canMount = spawnSync('unshare', [...UNSHARE, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

describe.skipIf(!canMount)('a directory store on a full disk (needs user namespaces)', () => {
  let directory: string;
  beforeAll(async () => {
    const entryPoints = [fileURLToPath(new URL('full-disk-writer.ts', import.meta.url))];
    const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const;
    await build({ ...options, entryPoints, outfile: WRITER, logLevel: 'error' });
    directory = await mkdtemp(join(tmpdir(), 'ebpm-full-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('commit() is refused with the reason, the log stays sound, and writing goes on when there is room', () => {
    const mount = `mount -t tmpfs -o size=512k tmpfs "$1" && exec "$2" "$3" "$1"`;
    const { stdout, stderr, status } = spawnSync(
      'unshare',
      [...UNSHARE, 'sh', '-c', mount, 'sh', directory, process.execPath, WRITER],
      { encoding: 'utf8', timeout: 60_000 },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { refused, versions, health, leftover } = JSON.parse(stdout);
    expect(refused).toMatchObject({ code: 'EBPM_STORE_REFUSED', data: { errno: 'ENOSPC' } });
    expect(health).toEqual({ ok: true });
    expect(versions.at(-1)).toBe('after');
    expect(versions).not.toContain('refused');
    expect(leftover).toEqual([]);
  });
});
