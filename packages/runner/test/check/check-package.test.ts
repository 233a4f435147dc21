import type { Capability } from '@ebpm/loader';
import { CheckedObject, openBtf, readElf, readObject } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileFixture } from '../../../../test/support/compile-fixture.js';
import { checkPackage } from '../../src/check/check-package.js';
import type { Host } from '../../src/check/host.js';
import type { RunnablePackage } from '../../src/runnable-package.js';
import { ableHost } from '../able-host.js';
import { optionsPackage } from '../options-package.js';

const BYTES = compileFixture(new URL('../fixtures/targets.bpf.c', import.meta.url));
const TARGETS = readObject(BYTES);
const CHECKED = CheckedObject.read(BYTES);

/** The types of an object, which stand for a kernel's. */
function typesOf(object: Uint8Array) {
  return openBtf(readElf(object).sections.find(({ name }) => name === '.BTF')?.bytes ?? new Uint8Array());
}

const TRACING = { tracefs: true, kprobes: true, uprobes: true };

/** Its types are those of the fixture. */
const ABLE = ableHost(() => typesOf(BYTES));

function targetsPackage(): RunnablePackage {
  return { ...optionsPackage(), checked: CHECKED, object: TARGETS };
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
    ['kprobes', { tracing: { ...TRACING, kprobes: false } }, 'this kernel has no kprobes'],
    ['uprobes', { tracing: { ...TRACING, uprobes: false } }, 'this kernel has no uprobes'],
    ['a file', { hasFile: () => false }, 'there is no file "/bin/sh"'],
    ['a program type', { programType: (type) => type !== 2 }, 'the kernel does not have this type'],
    ['a map type', { mapType: () => false }, 'the kernel does not have this type'],
    ['BTF', { btf: () => undefined }, 'it has no BTF, which CO-RE relocations need'],
    [
      'a function in BTF',
      { btf: () => typesOf(optionsPackage().checked.bytes) },
      'this kernel\'s BTF has no function "traced_function"',
    ],
  ])('says WILL NOT RUN where %s is missing', (_, lack, reason) => {
    const { verdict, findings } = checkPackage(targetsPackage(), { ...ABLE, ...lack });
    expect(verdict).toBe('WILL NOT RUN');
    expect(findings.filter(({ outcome }) => outcome === 'missing').map((finding) => finding.reason)).toContain(reason);
  });

  it.each<[string, Partial<Host>]>([
    ['without privilege', { capabilities: new Set(), programType: () => undefined, mapType: () => undefined }],
    ['without tracefs', { hasTracepoint: () => undefined }],
    ['with hidden symbols', { hasFunction: () => undefined }],
  ])('says UNKNOWN %s', (_, lack) => {
    expect(checkPackage(targetsPackage(), { ...ABLE, ...lack }).verdict).toBe('UNKNOWN');
  });

  it.each<[string, string, readonly Capability[]]>([
    ['a tracing program', 'kprobe/do_unlinkat', ['CAP_BPF', 'CAP_PERFMON']],
    ['a program of an interface', 'xdp', ['CAP_BPF', 'CAP_NET_ADMIN']],
    ['a socket filter', 'socket', ['CAP_BPF', 'CAP_NET_RAW']],
  ])('names the capabilities that %s needs, and no others', (_, section, needed) => {
    const object = {
      ...TARGETS,
      coreRelocations: [],
      maps: [],
      programs: TARGETS.programs.slice(0, 1).map((one) => ({ ...one, section })),
    };
    const privilege = (capabilities: ReadonlySet<Capability>) =>
      checkPackage({ ...targetsPackage(), object }, { ...ABLE, capabilities }).findings[0];
    expect(privilege(new Set(needed))).toMatchObject({
      outcome: 'ok',
      reason: `this process has ${needed.join(', ')}`,
    });
    expect(privilege(new Set(['CAP_BPF']))).toMatchObject({
      subject: 'privilege',
      outcome: 'unknown',
      reason: `it needs ${needed.join(', ')}, and this process lacks ${needed[1]}`,
      cure: expect.stringContaining(`--cap-add ${needed[1]?.slice(4)}`),
    });
  });

  it('looks for functions in the BTF of modules, too, and of another kernel says that it does not know them', () => {
    const other = typesOf(optionsPackage().checked.bytes);
    const outcomeOn = (host: Partial<Host>) => {
      const { findings } = checkPackage(targetsPackage(), { ...ABLE, btf: () => other, ...host });
      const attach = findings.filter(({ code }) => code === 'attach_target');
      return attach.find(({ program }) => program === 'on_fentry')?.outcome;
    };
    expect(outcomeOn({})).toBe('missing');
    expect(outcomeOn({ moduleBtfs: () => [typesOf(BYTES)] })).toBe('ok');
    expect(outcomeOn({ certainty: 'inferred' })).toBe('unknown');
  });

  it('says WILL NOT RUN for a section that nobody knows', () => {
    const object = { ...TARGETS, programs: TARGETS.programs.map((program) => ({ ...program, section: 'nonsense' })) };
    expect(checkPackage({ ...targetsPackage(), object }, ABLE).verdict).toBe('WILL NOT RUN');
  });
});
