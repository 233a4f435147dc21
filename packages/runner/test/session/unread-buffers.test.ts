import { CheckedObject } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileSource } from '../../../../test/support/compile-source.js';
import { unreadBuffers } from '../../src/session/unread-buffers.js';
import { severalPackage } from '../several-package.js';

const PERF = '__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __uint(key_size, 4); __uint(value_size, 4);';
const CHECKED = CheckedObject.read(
  compileSource(`
    struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } starts SEC(".maps");
    struct { ${PERF} } ends SEC(".maps");
    struct { ${PERF} } cycles SEC(".maps");
    SEC("tracepoint/syscalls/sys_enter_kill") int handle(void *ctx)
    {
      long value = bpf_perf_event_read(&cycles, BPF_F_CURRENT_CPU);
      return bpf_perf_event_output(ctx, &ends, BPF_F_CURRENT_CPU, &value, sizeof(value));
    }`),
);
const STARTS = { map: 'starts', buffer: 'ring buffer' };
const ENDS = { map: 'ends', buffer: 'perf buffer' };

function of(maps: Parameters<typeof severalPackage>[0], saysOfEach: boolean, shown: readonly string[] = []) {
  const pkg = severalPackage(maps, { enable_multiple_export_types: saysOfEach });
  return unreadBuffers({ ...pkg, checked: CHECKED, object: CHECKED.object }, shown);
}

describe('unreadBuffers()', () => {
  it('unreadBuffers() names what is sent to and not shown, and no counters', () => {
    expect(of({ starts: {}, ends: {}, cycles: {} }, false, ['ends'])).toEqual([STARTS]);
    expect(of({}, false)).toEqual([ENDS, STARTS]);
    expect(of({}, false, ['starts', 'ends'])).toEqual([]);
  });

  it('unreadBuffers() takes it from a package that keeps a map back, where it says that of each', () => {
    expect(of({ starts: {}, ends: { export_config: 'no_export' } }, true)).toEqual([]);
    expect(of({ ends: {} }, true)).toEqual([STARTS]);
  });
});
