import { describe, expect, it } from 'vitest';
import { addonUnavailable } from '../src/addon-unavailable.js';

const X64 = { platform: 'linux', arch: 'x64' };

describe('addonUnavailable()', () => {
  it.each([
    ['libbpf.so.1: cannot open shared object file: No such file or directory', 'apt-get install libbpf1'],
    ['libelf.so.1: cannot open shared object file: No such file or directory', 'apt-get install libelf1'],
    ["/lib/libc.so.6: version `GLIBC_2.28' not found (required by /x.node)", 'glibc 2.28 or newer'],
    ['Error relocating /x.node: fcntl64: symbol not found', 'glibc 2.28 or newer'],
    ['/x.node: file too short', 'npm install -g ebpm'],
  ])('addonUnavailable() answers "%s"', (reason, hint) => {
    const error = addonUnavailable([new Error(reason)], X64);
    expect(error.message).toContain(reason);
    expect(error.hint).toContain(hint);
  });

  it('addonUnavailable() gives the reason of each addon that was tried', () => {
    const { message } = addonUnavailable([new Error('one is broken'), new Error('two is, too')], X64);
    expect(message).toBe('Cannot load the native addon of ebpm: one is broken; two is, too');
  });

  it('addonUnavailable() says for which machine there is none', () => {
    const error = addonUnavailable([], { platform: 'linux', arch: 'arm64' });
    expect(error.message).toContain('there is none for linux-arm64');
    expect(error.hint).toContain('for linux-x64 only');
  });
});
