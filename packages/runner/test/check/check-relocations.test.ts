import { CheckedObject, readElf } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileFixture } from '../../../../test/support/compile-fixture.js';
import { BtfBuilder } from '../../../object/test/btf-builder.js';
import { checkPackage } from '../../src/check/check-package.js';
import { checkRelocations } from '../../src/check/check-relocations.js';
import { hostOfBtf } from '../../src/check/host-of-btf.js';
import type { RunnablePackage } from '../../src/runnable-package.js';
import { optionsPackage } from '../options-package.js';

const CHECKED = CheckedObject.read(compileFixture(new URL('../fixtures/relocations.bpf.c', import.meta.url)));
const KERNEL = btfOf(compileFixture(new URL('../fixtures/relocations-kernel.bpf.c', import.meta.url)));

function btfOf(object: Uint8Array): Uint8Array {
  return readElf(object).sections.find(({ name }) => name === '.BTF')?.bytes ?? new Uint8Array();
}

function check(pkg: RunnablePackage, btf: Uint8Array, more: { version?: bigint; optional?: readonly string[] } = {}) {
  const { version, optional = [] } = more;
  const settings = new Map(version === undefined ? [] : [['LINUX_KERNEL_VERSION', version] as const]);
  const elf = readElf(pkg.checked.bytes);
  const scope = { host: hostOfBtf(btf), elf, settings, hasSymbol: () => undefined, optional: new Set(optional) };
  return checkRelocations(pkg, scope).findings;
}

/** The fixture with some of its programs, of which some may be missing. */
function packageOf(names: readonly string[], optional: readonly string[] = []): RunnablePackage {
  const programs = CHECKED.object.programs.filter(({ name }) => names.includes(name));
  const progs = names.map((name) => ({
    name,
    attach: 'raw_tp/some_event',
    link: true,
    optional: optional.includes(name),
  }));
  const { meta, ...pkg } = optionsPackage({ bpf_skel: { progs } });
  return { ...pkg, meta, checked: CHECKED, object: { ...CHECKED.object, programs } };
}

function found(names: readonly string[], optional: readonly string[] = []) {
  return check(packageOf(names, optional), KERNEL, { optional });
}

describe('checkRelocations()', () => {
  it('checkRelocations() says in one line that all fit', () => {
    expect(found(['reads'])).toEqual([
      {
        code: 'core',
        subject: 'CO-RE relocations',
        outcome: 'ok',
        certainty: 'proved',
        reason: '1 of 1 fit the types of this kernel',
      },
    ]);
  });

  it('checkRelocations() counts none against a package that no path leads to', () => {
    expect(found(['reads', 'asks_first'])).toMatchObject([
      { outcome: 'ok', reason: '3 of 4 fit the types of this kernel, and no path leads to the others' },
    ]);
  });

  it('checkRelocations() names program, field and cure of what is not there, once for each', () => {
    expect(found(['reads', 'wants_field'])).toEqual([
      {
        code: 'core_no_field',
        subject: 'program "wants_field"',
        program: 'wants_field',
        outcome: 'missing',
        certainty: 'proved',
        reason: 'this kernel has no field task.gone',
        cure: 'Use a kernel that has it, or a version of the package that asks for it first (bpf_core_field_exists)',
        wants: 'task.gone',
      },
    ]);
  });

  it.each([
    ['wants_struct', 'core_no_type', 'proved', 'this kernel has no struct gone'],
    ['may_want_field', 'core_no_field', 'inferred', 'this kernel has no field task.gone'],
    ['wants_other_type', 'core_field_type', 'proved', 'task.comm is "void *" on this kernel, wanted "int[4]"'],
  ])('checkRelocations() says of %s that it cannot be loaded', (name, code, certainty, reason) => {
    expect(found([name])).toMatchObject([{ code, program: name, outcome: 'missing', certainty, reason }]);
  });

  it('checkRelocations() leaves out a program without which the package runs, and looks at the others', () => {
    expect(found(['reads', 'wants_field'], ['wants_field'])).toMatchObject([
      { code: 'core', outcome: 'ok' },
      { code: 'core_no_field', program: 'wants_field', outcome: 'missing' },
    ]);
  });

  it('checkRelocations() goes by the version of the kernel where a program does, and says where it does not know it', () => {
    const pkg = packageOf(['wants_by_version']);
    const foundOn = (version?: bigint) => check(pkg, KERNEL, version === undefined ? {} : { version });
    expect(foundOn(0x50000n)).toMatchObject([{ code: 'core', outcome: 'ok' }]);
    expect(foundOn(0x60c00n)).toMatchObject([{ code: 'core_no_field', outcome: 'missing', certainty: 'proved' }]);
    const reason = 'this kernel has no field task.gone; whether the program wants it depends on LINUX_KERNEL_VERSION';
    expect(foundOn()).toMatchObject([{ code: 'core_no_field', outcome: 'unknown', certainty: 'not checked', reason }]);
  });

  it('checkRelocations() says of BTF that is damaged that nobody knows', () => {
    const damaged = new BtfBuilder();
    damaged.type('struct', { name: 'task', vlen: 1, third: 4, extra: [damaged.name('pid'), 999, 0] });
    expect(check(packageOf(['reads']), damaged.bytes())).toMatchObject([
      { code: 'core_unknown', outcome: 'unknown', certainty: 'not checked' },
    ]);
  });

  it('checkRelocations() has nothing to say of an object without relocations', () => {
    const object = { ...CHECKED.object, coreRelocations: [] };
    expect(check({ ...packageOf([]), object }, KERNEL)).toEqual([]);
  });
});

describe('checkPackage() for a kernel of which only the BTF is known', () => {
  const verdict = (names: readonly string[], optional?: readonly string[]) =>
    checkPackage(packageOf(names, optional), hostOfBtf(KERNEL)).verdict;

  it('checkPackage() says RUN where all that is asked of the BTF is there', () => {
    const { findings } = checkPackage(packageOf(['reads']), hostOfBtf(KERNEL));
    expect(findings.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(findings.map(({ code, certainty }) => [code, certainty])).toEqual([
      ['kernel_btf', 'probed'],
      ['core', 'proved'],
      ['program_type', 'inferred'],
      ['attach_target', 'inferred'],
    ]);
    expect(verdict(['reads'])).toBe('RUN');
  });

  it('checkPackage() says WILL NOT RUN where a field is missing, and DEGRADED where that program may be', () => {
    expect(verdict(['reads', 'wants_field'])).toBe('WILL NOT RUN');
    expect(verdict(['reads', 'wants_field'], ['wants_field'])).toBe('DEGRADED');
    expect(verdict(['wants_field'], ['wants_field'])).toBe('WILL NOT RUN');
  });
});

describe('hostOfBtf()', () => {
  const host = hostOfBtf(KERNEL);

  it('hostOfBtf() infers types of programs and maps from the enums of the interface', () => {
    expect([17, 99].map((type) => host.programType(type, 0))).toEqual([true, false]);
    // The count of types stands for none.
    expect(host.programType(18, 0)).toBe(false);
    expect([2, 27].map(host.mapType)).toEqual([true, false]);
    const without = hostOfBtf(btfOf(compileFixture(new URL('../fixtures/options.bpf.c', import.meta.url))));
    expect(without.programType(17, 0)).toBeUndefined();
  });

  it('hostOfBtf() knows functions, tracepoints and system calls that have types, and of others nothing', () => {
    expect(['do_unlinkat', 'no_such_function'].map(host.hasFunction)).toEqual([true, undefined]);
    expect(host.hasTracepoint('any', 'some_event')).toBe(true);
    expect(host.hasTracepoint('any', 'no_such_event')).toBeUndefined();
    expect(host.hasTracepoint('syscalls', 'sys_enter_kill')).toBe(true);
    expect(host.hasTracepoint('syscalls', 'sys_exit_no_such_call')).toBeUndefined();
    expect(host.hasFile('/bin/sh')).toBeUndefined();
  });
});
