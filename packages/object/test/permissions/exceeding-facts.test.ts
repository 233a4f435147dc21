import { describe, expect, test } from 'vitest';
import { exceedingFacts } from '../../src/permissions/exceeding-facts.js';
import { factsOf } from '../facts-of.js';

const GLOBAL = 'const volatile int wanted = 1;';
const COUNTER = `struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 8); __type(key, __u32); __type(value, __u64); } counts SEC(".maps");`;
const QUIET = 'SEC("tp/sched/sched_switch") int quiet(void *c) { return wanted; }';
const COUNTING =
  'SEC("tp/sched/sched_switch") int counting(void *c) { __u32 k = 0; return (long)bpf_map_lookup_elem(&counts, &k); }';
const AGREED = factsOf(GLOBAL + COUNTER + QUIET + COUNTING);

describe('exceedingFacts()', () => {
  test('exceedingFacts() lets the same object pass with other values of its globals, and with less in it', () => {
    expect(
      exceedingFacts([AGREED], factsOf(GLOBAL.replace('= 1', '= 2') + COUNTER + QUIET + COUNTING)),
    ).toBeUndefined();
    expect(exceedingFacts([AGREED], { ...AGREED, programs: AGREED.programs.slice(1) })).toBeUndefined();
    expect(exceedingFacts([AGREED], { ...AGREED, license: 'Proprietary' })).toBeDefined();
  });

  test.each([
    ['a helper', COUNTER + QUIET.replace('return', 'bpf_send_signal(9); return') + COUNTING, 'helper bpf_send_signal'],
    [
      'a target',
      COUNTER + QUIET.replace('sched_switch', 'sched_wakeup') + COUNTING,
      'target tracepoint sched/sched_wakeup',
    ],
    ['a map of another size', COUNTER.replace('8', '9') + QUIET + COUNTING, 'programs and maps in another combination'],
  ])('exceedingFacts() names %s that nobody agreed to', (_, source, what) => {
    expect(exceedingFacts([AGREED], factsOf(GLOBAL + source))?.join()).toContain(what);
  });

  test('exceedingFacts() does not put together what several objects may do', () => {
    const [left, right] = [factsOf(GLOBAL + QUIET), factsOf(COUNTER + COUNTING)];
    expect(exceedingFacts([left, right], AGREED)).toEqual(['programs and maps in another combination']);
    expect(exceedingFacts([left, right], left)).toBeUndefined();
  });

  test('exceedingFacts() says so where nothing was found in the module', () => {
    expect(exceedingFacts([], AGREED)?.join()).toMatch(/helper bpf_map_lookup_elem|none was found/);
  });

  test('exceedingFacts() takes what cannot be read only byte for byte', () => {
    const unreadable = { ...AGREED, readable: false, programs: [], maps: [], structOps: [] };
    expect(exceedingFacts([unreadable], unreadable)).toBeUndefined();
    expect(exceedingFacts([unreadable], { ...unreadable, sha256: '0'.repeat(64) })).toBeDefined();
  });
});
