import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/doctor/diagnose.js';
import type { Machine } from '../../src/doctor/machine.js';
import { mountedKinds, thisMachine } from '../../src/doctor/this-machine.js';

/** Options of a kernel that lacks nothing. */
const OPTIONS =
  'BPF_SYSCALL BPF_JIT BPF_EVENTS BPF_LSM CGROUP_BPF DEBUG_INFO_BTF FTRACE_SYSCALLS FUNCTION_TRACER KPROBE_EVENTS NET_CLS_ACT NET_CLS_BPF UPROBE_EVENTS XDP_SOCKETS';

const ABLE: Machine = {
  kernel: '6.12.0',
  libbpf: 'v1.5',
  addonFailure: undefined,
  capabilities: new Set(['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN']),
  inUserNamespace: false,
  loadsPrograms: true,
  kernelBtf: true,
  tracing: { tracefs: true, kprobes: true, uprobes: true },
  ringBuffer: true,
  memlockCounts: false,
  memlockBytes: 65_536,
  lsms: ['capability', 'bpf'],
  lockdown: 'none',
  mounted: new Set(['bpf', 'cgroup2']),
  settings: new Map([
    ['kernel.unprivileged_bpf_disabled', '2'],
    ['net.core.bpf_jit_enable', '1'],
  ]),
  config: new Map(OPTIONS.split(' ').map((name) => [`CONFIG_${name}`, 'y'])),
  hasProgram: () => true,
};

describe('diagnose()', () => {
  it('diagnose() says READY where nothing is missing', () => {
    const { condition, symptoms } = diagnose(ABLE);
    expect(symptoms.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(condition).toBe('READY');
  });

  it.each<[string, Partial<Machine>, string]>([
    ['native addon', { libbpf: undefined, addonFailure: 'it needs glibc' }, 'NOT READY'],
    ['privilege', { capabilities: new Set(['CAP_BPF']) }, 'NOT READY'],
    ['bpf(2)', { loadsPrograms: false }, 'NOT READY'],
    ['kernel BTF', { kernelBtf: false }, 'NOT READY'],
    [
      'compiler (JIT)',
      {
        settings: new Map([
          ['net.core.bpf_jit_enable', '0'],
          ['kernel.unprivileged_bpf_disabled', '1'],
        ]),
      },
      'LIMITED',
    ],
    ['tracefs', { tracing: { ...ABLE.tracing, tracefs: false } }, 'LIMITED'],
    ['kprobes', { tracing: { ...ABLE.tracing, kprobes: false } }, 'LIMITED'],
    ['uprobes', { tracing: { ...ABLE.tracing, uprobes: false } }, 'LIMITED'],
    ['ring buffer', { ringBuffer: false }, 'LIMITED'],
    ['BPF LSM', { lsms: ['capability'] }, 'LIMITED'],
    ['lockdown', { lockdown: 'confidentiality' }, 'LIMITED'],
    ['bpffs', { mounted: new Set(['cgroup2']) }, 'LIMITED'],
    ['cgroup v2', { mounted: new Set(['bpf']) }, 'LIMITED'],
    ['locked memory', { memlockCounts: true }, 'LIMITED'],
    [
      'configuration',
      {
        config: new Map([
          ['CONFIG_BPF_SYSCALL', 'y'],
          ['CONFIG_BPF_JIT_ALWAYS_ON', 'y'],
        ]),
      },
      'LIMITED',
    ],
    ['clang', { hasProgram: (name) => name !== 'clang' }, 'READY'],
  ])('diagnose() finds that %s is missing, alone', (subject, lack, condition) => {
    const diagnosis = diagnose({ ...ABLE, ...lack });
    const missing = diagnosis.symptoms.filter(({ outcome }) => outcome !== 'ok');
    expect(missing).toMatchObject([{ subject, outcome: 'missing' }]);
    if (subject !== 'native addon') expect(missing[0]?.cure).toBeTruthy();
    expect(diagnosis.condition).toBe(condition);
  });

  it('diagnose() does not take for missing what nobody can look at', () => {
    const hidden = { loadsPrograms: undefined, ringBuffer: undefined, lsms: undefined, lockdown: undefined };
    const { condition, symptoms } = diagnose({ ...ABLE, ...hidden, config: undefined, settings: new Map() });
    expect(symptoms.filter(({ outcome }) => outcome === 'missing')).toEqual([]);
    expect(symptoms.filter(({ outcome }) => outcome === 'unknown').length).toBe(7);
    expect(condition).toBe('READY');
  });
});

describe('thisMachine()', () => {
  it('thisMachine() looks at this machine, whoever asks', () => {
    const machine = thisMachine('/usr/bin:/bin');
    expect(machine.libbpf).toMatch(/^v1\./);
    expect(machine.hasProgram('sh')).toBe(true);
    expect(machine.hasProgram('no-such-program')).toBe(false);
    expect(machine.mounted.has('proc')).toBe(true);
  });

  it('mountedKinds() has the kind of each mount', () => {
    expect([...mountedKinds('proc /proc proc rw 0 0\nnone /sys/fs/cgroup cgroup2 rw 0 0\n')]).toEqual([
      'proc',
      'cgroup2',
    ]);
  });
});
