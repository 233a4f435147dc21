import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readElf } from '@ebpm/object';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileFixture } from '../../../../test/support/compile-fixture.js';
import { openPackage } from '../../src/inputs/open-package.js';
import { archivePath, chooseKernelBtf } from '../../src/kernel-btf/choose-kernel-btf.js';
import { osReleaseValue } from '../../src/kernel-btf/this-system.js';

const OBJECT = compileFixture(new URL('../../../object/test/fixtures/core.bpf.c', import.meta.url));
const PLAIN = compileFixture(new URL('../fixtures/options.bpf.c', import.meta.url));
const PKG = openPackage(OBJECT, { source: 'core.bpf.o' });
/** Any BTF will do where nothing is loaded. */
const BTF = Uint8Array.from(readElf(PLAIN).sections.find(({ name }) => name === '.BTF')?.bytes ?? []);
const SYSTEM = { distribution: 'ubuntu', version: '16.04', machine: 'x86_64', release: '4.10.0-1004-gcp' };
const ENTRY = 'ubuntu/16.04/x86_64/4.10.0-1004-gcp.btf';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-btf-'));
  for (const path of ['file.btf', `hub/${ENTRY}`, `unpacked/btfhub-archive/${ENTRY}`, 'flat/4.10.0-1004-gcp.btf']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), BTF);
  }
  mkdirSync(join(folder, 'empty'));
  writeFileSync(join(folder, 'vmlinux'), PLAIN);
  writeFileSync(join(folder, 'damaged.btf'), BTF.subarray(0, 100));
  writeFileSync(join(folder, 'packed.btf.tar.xz'), Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0));
});
afterAll(() => rmSync(folder, { recursive: true }));

const choose = (path: string | undefined, kernelHasBtf = true, pkg = PKG) =>
  chooseKernelBtf(pkg, { path, system: SYSTEM, kernelHasBtf });

describe('chooseKernelBtf()', () => {
  it.each(['file.btf', 'hub', 'unpacked', 'flat'])('reads BTF_FILE_PATH, a file or a folder: %s', (name) => {
    expect(choose(join(folder, name))).toEqual(BTF);
    expect(choose(join(folder, name), false)).toEqual(BTF);
  });

  it('leaves an ELF file to libbpf', () => {
    expect(choose(join(folder, 'vmlinux'))).toBe(join(folder, 'vmlinux'));
  });

  it("chooses nothing where the kernel's own is there, or is not needed", () => {
    expect(choose(undefined)).toBeUndefined();
    expect(choose('')).toBeUndefined();
    expect(choose(join(folder, 'none'), false, openPackage(PLAIN, { source: 'plain.bpf.o' }))).toBeUndefined();
  });

  it("takes the package's BTF of this very kernel where the kernel has none, and no other", () => {
    const withArchive = { ...PKG, kernelBtfs: new Map([[ENTRY, BTF]]) };
    expect(choose(undefined, false, withArchive)).toBe(BTF);
    expect(choose(undefined, true, withArchive)).toBeUndefined();
    expect(() =>
      chooseKernelBtf(withArchive, {
        path: '',
        system: { ...SYSTEM, release: '4.10.0-1005-gcp' },
        kernelHasBtf: false,
      }),
    ).toThrow(
      expect.objectContaining({
        code: 'EBPM_BTF_NOT_FOUND',
        message:
          'Cannot run "core_bpf": this kernel has no BTF, and of the 1 that came with the package none is "ubuntu/16.04/x86_64/4.10.0-1005-gcp.btf"',
      }),
    );
    const damaged = { ...PKG, kernelBtfs: new Map([[ENTRY, BTF.subarray(0, 100)]]) };
    expect(() => choose(undefined, false, damaged)).toThrow(
      expect.objectContaining({ code: 'EBPM_BTF_FILE_UNUSABLE' }),
    );
  });

  it.each([
    ['empty', 'EBPM_BTF_NOT_FOUND', `there is no "${ENTRY}" and no "4.10.0-1004-gcp.btf"`],
    ['none', 'EBPM_BTF_FILE_UNUSABLE', 'ENOENT'],
    ['damaged.btf', 'EBPM_BTF_FILE_UNUSABLE', 'as BTF of the kernel'],
    ['packed.btf.tar.xz', 'EBPM_BTF_FILE_UNUSABLE', 'as BTF of the kernel'],
  ])('refuses BTF_FILE_PATH %s with %s', (name, code, message) => {
    expect(() => choose(join(folder, name))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

describe('archivePath()', () => {
  it.each([[{ distribution: undefined }], [{ distribution: '../../etc' }], [{ version: '' }], [{ release: '..' }]])(
    'is no path for names that are none: %j',
    (change) => {
      expect(archivePath(SYSTEM)).toBe(ENTRY);
      expect(archivePath({ ...SYSTEM, ...change })).toBeUndefined();
    },
  );
});

describe('osReleaseValue()', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"\n', 'ID', 'debian'],
    ['ID=debian\nVERSION_ID="12"\n', 'VERSION_ID', '12'],
    ["ID='arch'", 'ID', 'arch'],
    ['ID=arch', 'VERSION_ID', undefined],
    ['', 'ID', undefined],
  ])('reads of %j the value of %s', (text, key, value) => {
    expect(osReleaseValue(text, key)).toBe(value);
  });

  it('reads the one that is there', () => {
    expect(osReleaseValue(readFileSync('/etc/os-release', 'utf8'), 'ID')).toMatch(/^[a-z0-9._-]+$/);
  });
});
