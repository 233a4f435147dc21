import { describe, expect, it } from 'vitest';
import { type AttachSite, attachFailure } from '../src/attach-failure.js';
import type { NativeFailure } from '../src/native-failure.js';
import type { TracingSupport } from '../src/tracing-support.js';

const ALL: TracingSupport = { tracefs: true, kprobes: true, uprobes: true };

function site(tracing: Partial<TracingSupport> = {}): AttachSite {
  return { held: new Set(['CAP_SYS_ADMIN']), tracing: { ...ALL, ...tracing } };
}

function program(section: string) {
  return { name: 'handle', section, type: 5, autoload: true };
}

function failure(errno: number, reason: string, log = ''): NativeFailure {
  return Object.assign(new Error(reason), { errno, reason, log });
}

const MISSING = failure(2, 'No such file or directory');

describe('attachFailure()', () => {
  it.each<[string, Partial<TracingSupport>, string, RegExp | undefined]>([
    ['tp/sched/nothing', {}, 'this kernel has no such tracepoint', /events/],
    ['tracepoint/sched/nothing', { tracefs: false }, 'tracefs is not mounted', /^mount -t tracefs/],
    ['kprobe/nothing', {}, 'this kernel has no such function to probe', /kallsyms/],
    ['ksyscall/nothing', { kprobes: false }, 'this kernel has no kprobes (CONFIG_KPROBE_EVENTS is not set)', undefined],
    ['uretprobe//bin/nothing:main', {}, 'there is no such file, or no such symbol in it', undefined],
    [
      'uprobe//bin/ls:main',
      { uprobes: false },
      'this kernel has no uprobes (CONFIG_UPROBE_EVENTS is not set)',
      undefined,
    ],
    ['raw_tp/nothing', {}, 'there is no such target', undefined],
  ])('attachFailure() explains a missing target of %s with %j', (section, tracing, reason, hint) => {
    const error = attachFailure(program(section), MISSING, site(tracing));
    expect(error.code).toBe('EBPM_ATTACH_TARGET_MISSING');
    expect(error.message).toBe(`Cannot attach "handle" to ${section}: ${reason}`);
    if (hint === undefined) expect(error.hint).toBeUndefined();
    else expect(error.hint).toMatch(hint);
  });

  it('attachFailure() says that a section without a target is not attached', () => {
    expect(attachFailure(program('kprobe'), failure(95, 'Operation not supported'), site())).toMatchObject({
      code: 'EBPM_ATTACH_FAILED',
      message: expect.stringContaining('the section name does not say where to'),
      data: { errno: 95, program: 'handle', section: 'kprobe', syscall: undefined },
    });
  });

  it('attachFailure() says how many programs a tracepoint takes', () => {
    expect(attachFailure(program('tp/sched/sched_switch'), failure(7, 'Argument list too long'), site())).toMatchObject(
      {
        code: 'EBPM_ATTACH_FAILED',
        message: expect.stringContaining('64 programs run there already'),
      },
    );
  });

  it.each([
    [95, 'Operation not supported', 'does not have that mode of XDP'],
    [16, 'Device or resource busy', 'another program is attached there already (Device or resource busy (EBUSY))'],
    [17, 'File exists', 'another program is attached there already (File exists (EEXIST))'],
  ])('attachFailure() tells errno %d of an interface in plain words', (errno, reason, words) => {
    expect(attachFailure(program('xdp'), failure(errno, reason), site())).toMatchObject({
      code: 'EBPM_ATTACH_FAILED',
      message: expect.stringContaining(words),
    });
  });

  it.each([1, 13])('attachFailure() takes errno %d for a want of privilege', (errno) => {
    const unprivileged = { held: new Set<never>(), tracing: ALL };
    expect(attachFailure(program('tp/sched/x'), failure(errno, 'denied'), unprivileged)).toMatchObject({
      code: 'EBPM_NOT_PERMITTED',
      message: expect.stringMatching(/: this process lacks CAP_BPF, CAP_PERFMON, CAP_DAC_READ_SEARCH$/),
      hint: expect.stringContaining('sudo'),
    });
  });

  it('attachFailure() asks for what the type of program needs, as arguments of a container too', () => {
    const packets = { held: new Set(['CAP_BPF'] as const), tracing: ALL };
    expect(attachFailure(program('xdp'), failure(1, 'denied'), packets)).toMatchObject({
      message: 'Cannot attach "handle" to xdp: this process lacks CAP_NET_ADMIN',
      hint: expect.stringMatching(/--cap-add NET_ADMIN$/),
      data: { missingCapabilities: ['CAP_NET_ADMIN'] },
    });
  });

  it.each([
    ["failed to determine tracepoint 'sched/x' perf event ID: No such file or directory", 'openat'],
    ["prog 'handle': failed to attach to raw tracepoint 'x': Invalid argument", 'bpf(BPF_RAW_TRACEPOINT_OPEN)'],
    ["prog 'handle': failed to create kprobe 'x+0x0' perf event: Invalid argument", 'perf_event_open'],
    ["prog 'handle': failed to attach to xdp: Device or resource busy", 'bpf(BPF_LINK_CREATE)'],
  ])('attachFailure() tells the call from "%s"', (line, syscall) => {
    expect(attachFailure(program('x'), failure(22, 'Invalid argument', `libbpf: ${line}\n`), site())).toMatchObject({
      code: 'EBPM_ATTACH_FAILED',
      message: `Cannot attach "handle" to x: ${line}`,
      data: { errno: 22, syscall, log: [line] },
    });
  });
});
