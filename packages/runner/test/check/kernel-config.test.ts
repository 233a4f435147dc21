import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BtfType } from '@ebpm/object';
import { afterAll, describe, expect, it } from 'vitest';
import { settingValue } from '../../src/check/kconfig-value.js';
import { parseKernelConfig, readKernelConfig } from '../../src/check/kernel-config.js';

const folder = mkdtempSync(join(tmpdir(), 'ebpm-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = '# Automatically generated\nCONFIG_BPF=y\n# CONFIG_KPROBES is not set\nCONFIG_HZ=250\nCONFIG_LSM="bpf"\n';

describe('readKernelConfig()', () => {
  it('readKernelConfig() takes the first file that is there, packed or not', () => {
    const [plain, packed] = [join(folder, 'config'), join(folder, 'config.gz')];
    writeFileSync(plain, TEXT);
    writeFileSync(packed, gzipSync(TEXT.replace('250', '1000')));
    expect(readKernelConfig([join(folder, 'none'), plain])?.get('CONFIG_HZ')).toBe('250');
    expect(readKernelConfig([packed, plain])?.get('CONFIG_HZ')).toBe('1000');
    expect(readKernelConfig([join(folder, 'none')])).toBeUndefined();
  });

  it('readKernelConfig() does not unpack without end, nor what is damaged', () => {
    const bomb = join(folder, 'bomb.gz');
    writeFileSync(bomb, gzipSync(Buffer.alloc(9 * 1024 * 1024)));
    expect(readKernelConfig([bomb])).toBeUndefined();
    writeFileSync(bomb, Buffer.concat([gzipSync(TEXT).subarray(0, 20), Buffer.from('nonsense')]));
    expect(readKernelConfig([bomb])).toBeUndefined();
  });
});

describe('parseKernelConfig()', () => {
  it('parseKernelConfig() has what is set, and nothing else', () => {
    expect(Object.fromEntries(parseKernelConfig(TEXT))).toEqual({
      CONFIG_BPF: 'y',
      CONFIG_HZ: '250',
      CONFIG_LSM: '"bpf"',
    });
  });
});

const COMMON = { id: 1, name: '' } as const;
const INT = { ...COMMON, kind: 'int', offsetBits: 0, char: false } as const;
const TYPES: Readonly<Record<string, BtfType>> = {
  bool: { ...INT, sizeBytes: 1, bits: 8, signed: false, bool: true },
  char: { ...INT, sizeBytes: 1, bits: 8, signed: true, bool: false },
  int: { ...INT, sizeBytes: 4, bits: 32, signed: true, bool: false },
  unsigned: { ...INT, sizeBytes: 4, bits: 32, signed: false, bool: false },
  tristate: { ...COMMON, kind: 'enum', name: 'libbpf_tristate', sizeBytes: 4, signed: false, values: [] },
  text: { ...COMMON, kind: 'array', elementTypeId: 1, indexTypeId: 1, length: 8 },
};

describe('settingValue()', () => {
  it.each<[string, string, bigint | string]>([
    ['bool', 'y', 1n],
    ['bool', 'm', 'it is a module'],
    ['char', 'm', 109n],
    ['tristate', 'y', 1n],
    ['tristate', 'm', 2n],
    ['int', 'y', 'it is "y"'],
    ['int', '250', 250n],
    ['int', '-1', 0xffff_ffffn],
    ['unsigned', '0x10', 16n],
    ['int', '0xffffffff', 'it is 0xffffffff, which 4 bytes do not hold'],
    ['bool', '3', 'it is a number'],
    ['int', '"bpf"', 'it is a text'],
    ['text', '"bpf"', 'text'],
    ['text', '3', 'it is a number'],
  ])('settingValue() makes for %s of %s what libbpf makes of it', (type, text, wanted) => {
    const value = settingValue(TYPES[type] as BtfType, text);
    const found = value.kind === 'number' ? value.value : value.kind === 'text' ? 'text' : value.reason;
    expect(found).toBe(wanted);
  });
});
