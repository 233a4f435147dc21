import { describe, expect, it } from 'vitest';
import { KERNEL_VERSIONS, KERNELS, parseKernelVersion } from '../src/kernels.js';

describe('parseKernelVersion()', () => {
  it.each(KERNEL_VERSIONS)('knows %s', (version) => {
    expect(parseKernelVersion(version)).toBe(version);
  });

  it.each(['6.13', '', '6.1 ', 'toString', '__proto__'])('refuses %j', (text) => {
    expect(() => parseKernelVersion(text)).toThrow(expect.objectContaining({ code: 'EBPM_LAB_KERNEL_UNKNOWN' }));
  });
});

describe('KERNEL_VERSIONS', () => {
  it('lists every row of the table', () => {
    expect([...KERNEL_VERSIONS].sort()).toEqual(Object.keys(KERNELS).sort());
  });
});
