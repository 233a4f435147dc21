import { readObject } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileFixture } from '../../../../test/support/compile-fixture.js';
import { checkPackage } from '../../src/check/check-package.js';
import type { Host } from '../../src/check/host.js';
import type { RunnablePackage } from '../../src/runnable-package.js';
import { optionsPackage } from '../options-package.js';

const TARGETS = readObject(compileFixture(new URL('../fixtures/targets.bpf.c', import.meta.url)));

/** A kernel that has all that is asked of it: its types are those of the fixture. */
const ABLE: Host = {
  btf: () => TARGETS.btf,
  hasTracepoint: () => true,
  hasFunction: () => true,
  hasFile: () => true,
  programType: () => true,
  mapType: () => true,
  tracing: { tracefs: true, kprobes: true, uprobes: true },
  missingCapabilities: [],
};

function targetsPackage(): RunnablePackage {
  return { ...optionsPackage(), object: TARGETS };
}

describe('checkPackage()', () => {
  it('says RUN where everything is there', () => {
    const { verdict, findings } = checkPackage(targetsPackage(), ABLE);
    expect(findings.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(verdict).toBe('RUN');
  });

  it.each<[string, Partial<Host>, string]>([
    ['a tracepoint', { hasTracepoint: () => false }, 'this kernel has no tracepoint "syscalls/sys_enter_kill"'],
    ['a function', { hasFunction: () => false }, 'this kernel has no function "do_unlinkat"'],
    ['kprobes', { tracing: { ...ABLE.tracing, kprobes: false } }, 'this kernel has no kprobes'],
    ['uprobes', { tracing: { ...ABLE.tracing, uprobes: false } }, 'this kernel has no uprobes'],
    ['a file', { hasFile: () => false }, 'there is no file "/bin/sh"'],
    ['a program type', { programType: (type) => type !== 2 }, 'the kernel does not have this type'],
    ['a map type', { mapType: () => false }, 'the kernel does not have this type'],
    ['BTF', { btf: () => undefined }, 'it has no BTF, which CO-RE relocations need'],
    [
      'a function in BTF',
      { btf: () => optionsPackage().object.btf },
      'this kernel\'s BTF has no function "traced_function"',
    ],
  ])('says WILL NOT RUN where %s is missing', (_, lack, reason) => {
    const { verdict, findings } = checkPackage(targetsPackage(), { ...ABLE, ...lack });
    expect(verdict).toBe('WILL NOT RUN');
    expect(findings.filter(({ outcome }) => outcome === 'missing').map((finding) => finding.reason)).toContain(reason);
  });

  it.each<[string, Partial<Host>]>([
    ['without privilege', { missingCapabilities: ['CAP_BPF'], programType: () => undefined, mapType: () => undefined }],
    ['without tracefs', { hasTracepoint: () => undefined }],
    ['with hidden symbols', { hasFunction: () => undefined }],
  ])('says UNKNOWN %s', (_, lack) => {
    expect(checkPackage(targetsPackage(), { ...ABLE, ...lack }).verdict).toBe('UNKNOWN');
  });

  it('says WILL NOT RUN for a section that nobody knows', () => {
    const object = { ...TARGETS, programs: TARGETS.programs.map((program) => ({ ...program, section: 'nonsense' })) };
    expect(checkPackage({ ...targetsPackage(), object }, ABLE).verdict).toBe('WILL NOT RUN');
  });
});
