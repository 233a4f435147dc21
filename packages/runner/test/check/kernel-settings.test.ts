import { describe, expect, it } from 'vitest';
import { kernelVersionSetting, versionCode } from '../../src/check/kernel-settings.js';

const PLAIN = { release: '6.18.44-fc-v782', version: '#1 SMP', signature: undefined };

describe('versionCode()', () => {
  it.each([
    ['of the release', PLAIN, 0x6122c],
    ['of Debian', { ...PLAIN, release: '6.1.0-56-amd64', version: '#1 SMP Debian 6.1.187-1 (2026-11-01)' }, 0x601bb],
    ['of Ubuntu', { ...PLAIN, release: '5.4.0-12-generic', signature: 'Ubuntu 5.4.0-12.15-generic 5.4.8\n' }, 0x50408],
    ['with a patch beyond what it holds', { ...PLAIN, release: '4.19.300' }, 0x413ff],
  ])('versionCode() is that %s', (_what, names, code) => {
    expect(versionCode(names)).toBe(BigInt(code));
  });

  it('versionCode() is none where no version is told', () => {
    expect(versionCode({ ...PLAIN, release: 'mine' })).toBeUndefined();
  });
});

describe('kernelVersionSetting()', () => {
  it('kernelVersionSetting() is the version of this kernel', () => {
    expect(kernelVersionSetting()).toBeGreaterThan(0x50000n);
  });
});
