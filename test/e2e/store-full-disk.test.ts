import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/ebpm-e2e', import.meta.url));

const REGISTRY = fileURLToPath(new URL('../../packages/registry/bin/ebpm-registry.cjs', import.meta.url));

/** A mount that only one process sees, and that is gone with it. */
const UNSHARE = ['--mount', '--map-root-user'];
const canMount = spawnSync('unshare', [...UNSHARE, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

describe.skipIf(!canMount)('a directory store on a full disk (needs user namespaces)', () => {
  let directory: string;
  beforeAll(async () => {
    const programs = ['full-disk-writer.ts', 'full-disk-registry.ts'];
    const entryPoints = programs.map((name) => fileURLToPath(new URL(name, import.meta.url)));
    const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external' } as const;
    await build({ ...options, entryPoints, outdir: CACHE, outExtension: { '.js': '.mjs' }, logLevel: 'error' });
    directory = await mkdtemp(join(tmpdir(), 'ebpm-full-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  /** Runs a program on a small disk of its own; gives what it prints. */
  function runOnSmallDisk(program: string, size: string): unknown {
    const mount = `mount -t tmpfs -o size=${size} tmpfs "$1" && exec "$2" "$3" "$1" "$4"`;
    const { stdout, stderr, status } = spawnSync(
      'unshare',
      [...UNSHARE, 'sh', '-c', mount, 'sh', directory, process.execPath, join(CACHE, program), REGISTRY],
      { encoding: 'utf8', timeout: 60_000 },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return JSON.parse(stdout);
  }

  it('commit() is refused with the reason, the log stays sound, and writing goes on when there is room', () => {
    const seen = runOnSmallDisk('full-disk-writer.mjs', '512k') as { versions: string[] };
    expect(seen).toMatchObject({
      refused: { code: 'EBPM_STORE_FULL', data: { errno: 'ENOSPC' } },
      health: { ok: true },
      leftover: [],
    });
    expect(seen.versions.at(-1)).toBe('after');
    expect(seen.versions).not.toContain('refused');
  });

  it('a publish over HTTP is answered with 507, what was accepted is served, and publishing goes on when there is room', () => {
    expect(runOnSmallDisk('full-disk-registry.mjs', '4m')).toEqual({
      refused: { status: 507, code: 'EBPM_STORE_FULL', hasRequestId: true },
      again: 507,
      whileFull: { ready: 200, served: true, hasRefused: false },
      after: 201,
      missing: [],
      verified: expect.stringMatching(/^\d+ entries of the log, 3 of the accounts, \d+ archives/),
    });
  });
});
