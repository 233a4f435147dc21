import { describe, expect, it } from 'vitest';
import { checkHost, runInLab } from '../src/run-in-lab.js';

describe('checkHost()', () => {
  it('takes x86-64 Linux', () => {
    checkHost('linux', 'x64');
  });

  it.each([
    ['linux', 'arm64'],
    ['darwin', 'x64'],
  ])('refuses %s %s', (platform, architecture) => {
    expect(() => checkHost(platform, architecture)).toThrow(
      expect.objectContaining({ code: 'EBPM_LAB_HOST_UNSUPPORTED' }),
    );
  });
});

describe('runInLab()', () => {
  it('refuses bad options before it does anything', async () => {
    const running = runInLab({ kernel: '6.1', cacheDir: '/nowhere', command: [] });
    await expect(running).rejects.toMatchObject({ code: 'EBPM_LAB_INPUT_INVALID' });
  });
});
