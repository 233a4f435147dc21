import { describe, expect, test } from 'vitest';
import type { BpfObject, CoreRelocation } from '../src/bpf-object.js';
import { readObject } from '../src/read-object.js';
import { usesKernelBtf } from '../src/uses-kernel-btf.js';
import { compileFixture } from './compile-fixture.js';

const core = readObject(compileFixture('core').bytes);
const portable = core.coreRelocations.filter(({ kind }) => kind !== 'type_id_target');

describe('usesKernelBtf()', () => {
  test('usesKernelBtf() is about fields, sizes and enums of most objects', () => {
    expect(usesKernelBtf({ ...core, coreRelocations: portable })).toBe('for_core');
  });

  test('usesKernelBtf() says no where nothing is asked of the kernel', () => {
    const local = core.coreRelocations.filter(({ kind }) => kind === 'type_id_local');
    expect(local).toHaveLength(1);
    expect(usesKernelBtf({ ...core, coreRelocations: local })).toBe('no');
  });

  test('usesKernelBtf() wants the real one where ids of its types go to the kernel', () => {
    expect(usesKernelBtf(core)).toBe('itself');
    const externs: BpfObject['externs'] = [{ name: 'bpf_task_acquire', section: '.ksyms', typeId: 1, weak: false }];
    expect(usesKernelBtf({ ...core, coreRelocations: portable, externs })).toBe('itself');
  });

  test('usesKernelBtf() wants the real one where a type has no name to look for', () => {
    const nameless = core.btf?.find('item', 'struct');
    const id = nameless?.kind === 'struct' ? nameless.members.find(({ name }) => name === '')?.typeId : undefined;
    const relocation: CoreRelocation = {
      section: 'x',
      offsetBytes: 0,
      kind: 'type_size',
      typeId: id ?? 0,
      access: [0],
    };
    expect(usesKernelBtf({ ...core, coreRelocations: [relocation] })).toBe('itself');
  });

  test.each([
    'fentry/vfs_read',
    'fexit/vfs_read',
    'fmod_ret/x',
    'tp_btf/sched_switch',
    'lsm/file_open',
    'lsm_cgroup/bind',
  ])('usesKernelBtf() wants the real one for %s', (section) =>
    expect(usesKernelBtf(inSection(section))).toBe('itself'),
  );

  test.each(['iter/task', 'struct_ops/x', 'freplace/x', 'no_such_section', '?fentry/vfs_read'])(
    'usesKernelBtf() wants the real one for %s',
    (section) => expect(usesKernelBtf(inSection(section))).toBe('itself'),
  );

  test.each(['tp/sched/sched_switch', 'raw_tp/sys_enter', 'kprobe/x', 'kprobe.multi/x*', 'xdp', 'tc', 'perf_event'])(
    'usesKernelBtf() is only about CO-RE for %s',
    (section) => expect(usesKernelBtf(inSection(section))).toBe('for_core'),
  );
});

function inSection(section: string): BpfObject {
  const programs = core.programs.map((program) => ({ ...program, section }));
  return { ...core, coreRelocations: portable, programs };
}
