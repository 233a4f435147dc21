import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { CheckPool } from '../../src/publish/check-pool.js';
import { samplePackage } from '../sample-package.js';

const file = new URL('./fixtures/bad-worker.mjs', import.meta.url);
const failsWith = (code: string, text = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(text) });
const pools: CheckPool[] = [];
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

function open(options: ConstructorParameters<typeof CheckPool>[0] = {}): CheckPool {
  const pool = new CheckPool({ threads: 1, ...options });
  pools.push(pool);
  return pool;
}

function shared(archive: Uint8Array): Uint8Array {
  const place = new Uint8Array(new SharedArrayBuffer(archive.length));
  place.set(archive);
  return place;
}

const claimOf = (version: string) => ({ name: 'x', version, digest: '' });

describe('CheckPool', () => {
  it.each([
    ['memory of its own', (archive: Uint8Array) => Uint8Array.from(archive)],
    ['a part of what others use', (archive: Uint8Array) => Buffer.concat([archive, archive]).subarray(archive.length)],
    ['shared memory', shared],
  ])('checks an archive that lies in %s, and leaves it as it is', async (_, place) => {
    const { archive, ...claim } = samplePackage({ content: 'x'.repeat(100_000) });
    const placed = place(archive);
    const checked = await open().check(placed, claim);
    expect(Buffer.compare(placed, archive)).toBe(0);
    expect(checked).toMatchObject({ digest: claim.digest, files: [{ path: 'ebpm.json' }, {}] });
  });

  it('checks small archives that wait together, and refuses only the one over which the thread ends', async () => {
    const pool = open({ file, timeoutMs: 300 });
    const versions = ['1.0.0', '1.0.1', 'ends', '1.0.2', 'endless', '1.0.3'];
    const results = await Promise.allSettled(
      versions.map((version, i) => pool.check(Buffer.alloc(i + 1), claimOf(version))),
    );
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value.digest : result.reason))).toEqual([
      'sha256:1',
      'sha256:2',
      new Error('a checking thread ended by itself'),
      'sha256:4',
      failsWith('EBPM_PACKAGE_TOO_COSTLY', '"x@endless"'),
      'sha256:6',
    ]);
  });

  it('passes on what is wrong with an archive, with its hint and data', async () => {
    const pool = open();
    const { archive, ...claim } = samplePackage();
    await expect(pool.check(archive, { ...claim, digest: 'sha256:0' })).rejects.toEqual(
      expect.objectContaining({ code: 'EBPM_DIGEST_MISMATCH', data: { digest: claim.digest } }),
    );
    const isPrivate = samplePackage({ manifest: { private: true } });
    await expect(pool.check(isPrivate.archive, isPrivate)).rejects.toEqual(
      expect.objectContaining({ code: 'EBPM_PACKAGE_PRIVATE', hint: expect.stringContaining('remove') }),
    );
  });

  it('ends what takes too long with EBPM_PACKAGE_TOO_COSTLY, and checks the next archive', async () => {
    const pool = open({ file, timeoutMs: 300 });
    await expect(pool.check(Buffer.from('a'), claimOf('endless'))).rejects.toEqual(
      failsWith('EBPM_PACKAGE_TOO_COSTLY', 'more than 300 ms'),
    );
    await expect(open({ file }).check(Buffer.from('a'), claimOf('1.0.0'))).resolves.toBeDefined();
  });

  it('ends what takes too much memory with EBPM_PACKAGE_TOO_COSTLY', async () => {
    const pool = open({ file, heapSizeMib: 16, timeoutMs: 8_000 });
    await expect(pool.check(Buffer.from('a'), claimOf('greedy'))).rejects.toEqual(
      failsWith('EBPM_PACKAGE_TOO_COSTLY', 'more than 16 MiB'),
    );
  });

  it.each(['fails', 'ends'])('survives a thread that %s', async (version) => {
    const pool = open({ file });
    await expect(pool.check(Buffer.from('a'), claimOf(version))).rejects.not.toHaveProperty('hint');
    await expect(pool.check(Buffer.from('a'), claimOf('1.0.0'))).resolves.toBeDefined();
  });

  it('has no more threads than it may have; the others wait', async () => {
    const pool = open({ file, threads: 2 });
    const checks = [1, 2, 3, 4, 5].map(() => pool.check(Buffer.alloc(600_000), claimOf('1.0.0')));
    await nextTurn();
    expect(pool.waiting).toBe(3);
    expect(await Promise.all(checks)).toHaveLength(5);
  });

  it('refuses with EBPM_REGISTRY_CLOSING what is under way or comes when it closes', async () => {
    const pool = open({ file });
    const checks = ['endless', '1.0.0'].map((version) => pool.check(Buffer.from('a'), claimOf(version)));
    const settled = Promise.allSettled(checks);
    await pool.close();
    await pool.close();
    const late = await Promise.allSettled([pool.check(Buffer.from('a'), claimOf('1.0.0'))]);
    for (const result of [...(await settled), ...late]) {
      expect(result).toEqual({ status: 'rejected', reason: failsWith('EBPM_REGISTRY_CLOSING') });
    }
  });
});
