import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchPackage, findKernelPackage } from '../../packages/lab/src/debian-package.js';

describe('findKernelPackage()', () => {
  it('refuses a meta package that apt does not know', async () => {
    const row = { metaPackage: 'linux-image-0.1-cloud-amd64', imagePrefix: 'linux-image-0.1.', modules: [] };
    await expect(findKernelPackage('6.1', undefined, row)).rejects.toMatchObject({
      code: 'EBPM_LAB_KERNEL_UNAVAILABLE',
      hint: expect.stringContaining('apt-get update'),
    });
  });

  it('refuses a meta package that means another series here', async () => {
    const row = { metaPackage: 'apt', imagePrefix: 'linux-image-6.1.', modules: [] };
    await expect(findKernelPackage('6.1', undefined, row)).rejects.toMatchObject({
      code: 'EBPM_LAB_KERNEL_UNAVAILABLE',
    });
  });
});

describe('fetchPackage()', () => {
  it('says what apt said when there is no such package', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ebpm-lab-'));
    try {
      const fetched = fetchPackage({
        package: { name: 'linux-image-0.1', version: '1' },
        directory,
        target: join(directory, 'unpacked'),
        onUnpack: () => {},
      });
      await expect(fetched).rejects.toMatchObject({
        code: 'EBPM_LAB_FETCH_FAILED',
        message: expect.stringContaining('linux-image-0.1'),
      });
      expect(await readdir(directory)).toEqual([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
