import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { HELPERS, helperId, helperName, helperRow } from '../../src/permissions/helper-table.js';
import { factsOf, permissionsOf } from '../facts-of.js';

/** libbpf's list, which is made from the kernel's header: `static long (*bpf_NAME)(...) = (void *) N;`. */
const DEFINITIONS = '/usr/include/bpf/bpf_helper_defs.h';

const NAMES = new Map(
  [...readFileSync(DEFINITIONS, 'utf8').matchAll(/\(\*(?:const )?bpf_(\w+)\)\(.*\) = \(void \*\) (\d+);/g)].map(
    ([, name = '', id]) => [Number(id), name],
  ),
);

describe('HELPERS', () => {
  test('HELPERS has the helpers of the header, each at its number, and no others', () => {
    expect(NAMES.size).toBe(211);
    expect(HELPERS.map(([name], position) => [position + 1, name])).toEqual([...NAMES].sort(([a], [b]) => a - b));
  });

  test('HELPERS names for each helper the file of the kernel that defines it', () => {
    for (const [name, source] of HELPERS) expect(source, name).toMatch(/^(kernel|net|drivers)\/[a-z0-9_/-]+\.c$/);
  });

  test('helperId() and helperName() are each other’s opposite, and know what is no helper', () => {
    for (const [id, name] of NAMES) expect([helperName(id), helperId(name)]).toEqual([name, id]);
    expect(helperName(212)).toBe('#212');
    expect(helperName(0)).toBe('#0');
    expect(helperName(-1)).toBe('#-1');
    expect(helperId('no_such_helper')).toBeUndefined();
  });

  test('every helper that a program calls is found, and gives the program its classes', () => {
    // A tail call leads to all programs of its type.
    const calls = HELPERS.map(([name], position) => {
      const section = name === 'tail_call' ? 'socket' : 'perf_event';
      return `SEC("${section}") int calls_${name}(void *c) { long (*f)(void) = (void *)${position + 1}; return f(); }`;
    });
    const facts = factsOf(calls.join('\n'));
    const permissions = permissionsOf(facts);
    const called = facts.programs.map(({ name, helpers }) => [name, ...helpers.map((helper) => helper.name)]);
    expect(called.sort()).toEqual(HELPERS.map(([name]) => [`calls_${name}`, name]).sort());
    for (const [name, , classes] of HELPERS) {
      for (const permission of classes) {
        expect(permissions.get(permission), `${name} ${permission}`).toContain(`calls_${name}: helper bpf_${name}`);
      }
    }
    expect(helperRow('send_signal')?.[2]).toEqual(['sends-signals']);
  });
});
