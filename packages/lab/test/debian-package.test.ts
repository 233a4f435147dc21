import { describe, expect, it } from 'vitest';
import { readKernelDependency } from '../src/debian-package.js';

const RECORD = `Package: linux-image-cloud-amd64
Version: 6.1.192-2
Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)
Description-en: Linux for x86-64 cloud
`;

describe('readKernelDependency()', () => {
  it('finds the kernel that a meta package depends on', () => {
    expect(readKernelDependency(RECORD, 'linux-image-6.1.')).toEqual({
      name: 'linux-image-6.1.0-56-cloud-amd64',
      version: '6.1.192-2',
    });
  });

  it('finds it among others', () => {
    const record = 'Depends: linux-base, linux-image-6.12.117+deb12-cloud-amd64 (= 6.12.117-1~deb12u1), x (>= 2)\n';
    expect(readKernelDependency(record, 'linux-image-6.12.')).toEqual({
      name: 'linux-image-6.12.117+deb12-cloud-amd64',
      version: '6.12.117-1~deb12u1',
    });
  });

  it.each([
    ['another series', RECORD, 'linux-image-6.12.'],
    ['a version that is not exact', 'Depends: linux-image-6.1.0 (>= 6.1)\n', 'linux-image-6.1.'],
    ['a name with other letters', 'Depends: linux-image-6.1.0;id (= 6.1)\n', 'linux-image-6.1.'],
    ['no dependencies', 'Package: x\n', 'linux-image-6.1.'],
  ])('does not take %s', (_, record, prefix) => {
    expect(readKernelDependency(record, prefix)).toBeUndefined();
  });
});
