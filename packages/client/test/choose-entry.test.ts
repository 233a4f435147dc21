import { describe, expect, test } from 'vitest';
import { chooseEntry, entryPaths } from '../src/choose-entry.js';
import { refused } from './refused.js';

const BARE = { manifest: 1, name: 'x', version: '1.0.0' } as const;
const MACHINE = { arch: 'x86_64' };

describe('chooseEntry()', () => {
  test('chooseEntry() takes package.json when the manifest names none, and what it names', () => {
    expect(chooseEntry(BARE, MACHINE)).toBe('package.json');
    expect(chooseEntry({ ...BARE, entry: 'app.wasm' }, MACHINE)).toBe('app.wasm');
  });

  test('chooseEntry() takes the first variant that matches; what it does not know does not match', () => {
    const entry = [
      { file: 'arm.json', when: { arch: 'aarch64' } },
      { file: 'featured.json', when: { features: ['bpf_loop'] } },
      { file: 'future.json', when: { moon: 'full' } },
      { file: 'intel.json', when: { arch: 'x86_64' } },
      { file: 'any.json' },
    ];
    expect(chooseEntry({ ...BARE, entry }, MACHINE)).toBe('intel.json');
    expect(chooseEntry({ ...BARE, entry }, { arch: 'riscv64' })).toBe('any.json');
  });

  test('chooseEntry() refuses a package without a variant for the machine', () => {
    const entry = [{ file: 'arm.json', when: { arch: 'aarch64' } }];
    expect(() => chooseEntry({ ...BARE, entry }, MACHINE)).toThrow(refused('EBPM_VARIANT_MISSING', 'x86_64') as Error);
  });
});

test('entryPaths() names every file of the variants once', () => {
  const entry = [{ file: 'a.json', when: { arch: 'x' } }, { file: 'b.json' }, { file: 'a.json' }];
  expect(entryPaths({ ...BARE, entry })).toEqual(['a.json', 'b.json']);
});
