import type { ObjectFacts } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { asksOf } from '../../src/permissions/asks.js';
import { CONSENT, CONSENT_CLASSES, isConsentClass } from '../../src/permissions/consent-table.js';
import { judge } from '../../src/permissions/judge.js';
import { PERMISSION_CLASSES } from '../../src/permissions/permission-class.js';
import { factsOf } from '../facts-of.js';

/** What is asked for an object, as class and targets. */
function askedOf(object: ObjectFacts): Readonly<Record<string, readonly string[]>> {
  const facts = { objects: [object] };
  return Object.fromEntries(asksOf(facts, judge(facts)).map((ask) => [ask.class, ask.targets]));
}

function asked(text: string): Readonly<Record<string, readonly string[]>> {
  return askedOf(factsOf(text));
}

/** An object with a program for each section, all of which read texts of processes. */
function readersAt(sections: readonly string[]): ObjectFacts {
  const programs = sections.map((section, n) => reads(section, `p${n}`));
  return factsOf(programs.join('\n'));
}

function reads(section: string, name = 'p'): string {
  return `SEC("${section}") int ${name}(void *c) { char b[8]; bpf_probe_read_user_str(b, 8, *(void **)c); return b[0]; }`;
}

/** The same object with some of its programs alone. */
function only(object: ObjectFacts, sections: readonly string[]): ObjectFacts {
  return { ...object, programs: object.programs.filter(({ section }) => sections.includes(section)) };
}

const TYPES =
  'struct task_struct { int pid; struct task_struct *real_parent; } __attribute__((preserve_access_index));';
const AT_EXEC_OR_OPEN = [
  'tracepoint/syscalls/sys_enter_execve',
  'tp/syscalls/sys_enter_openat',
  'tp/syscalls/sys_exit_openat2',
  'ksyscall/open',
  'kprobe/do_sys_openat2',
  'fentry/__x64_sys_execve',
];
const ELSEWHERE = [
  'uprobe/libssl.so.3:SSL_write',
  'uretprobe//bin/bash:readline',
  'uprobe/libc.so.6:open',
  'usdt/libc.so.6:libc:setjmp',
  'tp/syscalls/sys_enter_write',
  'kprobe/vfs_write',
  'kprobe/do_sys_open*',
  'raw_tp/sys_enter',
  'tp/raw_syscalls/sys_enter',
  'fexit/vfs_read',
  'perf_event',
];

describe('asksOf()', () => {
  test('asksOf() asks for nothing where names and arguments are read at exec and open', () => {
    expect(askedOf(readersAt(AT_EXEC_OR_OPEN))).toEqual({});
  });

  describe('elsewhere', () => {
    const object = readersAt([...ELSEWHERE, 'tp/syscalls/sys_exit_openat']);

    test.each(ELSEWHERE)('asksOf() asks for what %s reads of processes', (section) => {
      expect(askedOf(only(object, [section]))).toEqual({ 'reads-user-memory': [section] });
    });

    test.each(ELSEWHERE)('asksOf() asks for what is read at open where %s could have left its address', (section) => {
      const open = 'tp/syscalls/sys_exit_openat';
      expect(askedOf(only(object, [section, open]))['reads-user-memory']).toContain(open);
    });
  });

  test('asksOf() asks for nothing where a program beside one at open is only told of the kernel', () => {
    const other = 'SEC("tp/sched/sched_process_exit") int other(void *c) { return 0; }';
    expect(asked(`${reads('tp/syscalls/sys_exit_openat')} ${other}`)).toEqual({});
  });

  test("asksOf() asks for the kernel's memory outside fields that relocations name", () => {
    const typed = `${TYPES} SEC("kprobe/vfs_fsync") int p(struct pt_regs *c) {
      struct task_struct *t = (void *)bpf_get_current_task(); return BPF_CORE_READ(t, real_parent, pid); }`;
    expect(asked(typed)).toEqual({});
    const raw =
      'SEC("kprobe/vfs_fsync") int p(struct pt_regs *c) { char b[8]; return bpf_probe_read_kernel(b, 8, (void *)c->rdi) + b[0]; }';
    expect(asked(raw)).toEqual({ 'reads-kernel-memory': ['kprobe/vfs_fsync'] });
  });

  test('asksOf() names where a class is, each place once, and leaves out the mark of what is not loaded by itself', () => {
    const sends = (section: string, name: string) =>
      `SEC("${section}") int ${name}(void *c) { return bpf_send_signal(9) + bpf_send_signal_thread(9); }`;
    expect(
      asked(`${sends('?tp/sched/sched_switch', 'p')} ${sends('perf_event', 'q')} ${sends('perf_event', 'r')}`),
    ).toEqual({
      'sends-signals': ['perf_event', 'tp/sched/sched_switch'],
    });
  });

  test('asksOf() gives more targets than people read one name that stands for all of them', () => {
    const names = Array.from({ length: 60 }, (_, n) => n);
    const text = (more: string) =>
      names.map((n) => `SEC("kprobe/f${n}${more}") int p${n}(void *c) { return bpf_send_signal(9); }`).join('\n');
    const [one, other] = [asked(text('')), asked(text('x'))];
    expect(one['sends-signals']).toEqual([expect.stringMatching(/^60 targets, sha256:[0-9a-f]{64}$/)]);
    expect(other).not.toEqual(one);
  });

  test('asksOf() asks for what nobody can say', () => {
    expect(asked('SEC("freplace/f") int p(void *c) { return 0; }')).toEqual({ unclassified: ['freplace/f'] });
  });

  test('asksOf() says whether each digest has to be agreed to anew', () => {
    const facts = { objects: [factsOf('SEC("xdp") int p(void *c) { return XDP_DROP; }')] };
    expect(asksOf(facts, judge(facts)).map((ask) => [ask.class, ask.consent])).toEqual([
      ['sees-packet-payload', 'once'],
      ['drops-or-redirects-packets', 'every-digest'],
    ]);
  });
});

describe('CONSENT', () => {
  test('CONSENT has every class, and what has none', () => {
    expect(Object.keys(CONSENT)).toEqual([...Object.keys(PERMISSION_CLASSES), 'unclassified']);
  });

  test('isConsentClass() knows what is asked for, and nothing else', () => {
    expect(CONSENT_CLASSES.every(isConsentClass)).toBe(true);
    for (const name of ['sees-file-paths', 'all', '*', '', 'toString', '__proto__'])
      expect(isConsentClass(name)).toBe(false);
  });
});
