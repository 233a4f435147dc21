import { describe, expect, it } from 'vitest';
import { recordType } from '../../src/record-type.js';
import { keyValueType } from '../../src/sampled/key-value-type.js';
import { embeddedStacks, STACK_FIELD_NAMES } from '../../src/stacks/embedded-stacks.js';
import { FoldedStacks } from '../../src/stacks/folded-stacks.js';
import { mappedStacks } from '../../src/stacks/mapped-stacks.js';
import type { Symbolizer } from '../../src/stacks/stack-frame.js';
import { stackPrinter } from '../../src/stacks/stack-printer.js';
import { BtfModel } from '../btf-model.js';
import { chars, frame, le, textOf } from '../frame.js';

const btf = new BtfModel();
const int = btf.int('int', 4, true);
const u64 = btf.int('unsigned long long', 8);
const char = btf.int('char', 1, true);
const EVENT = recordType(
  btf,
  btf.struct('stack_event', {
    pid: int,
    cpu_id: int,
    comm: btf.array(char, 16),
    kstack_sz: int,
    ustack_sz: int,
    kstack: btf.array(u64, 3),
    ustack: btf.array(u64, 3),
  }),
);
const KERNEL = 0xffff_ffff_8100_0010n;
const USER = 0x55d0_0000_1234n;

/** Knows one function of the kernel and one of process 7. */
const SYMBOLS: Symbolizer = {
  kernel: (addresses) =>
    addresses.map((address) => (address === KERNEL ? { address, symbol: 'do_idle', offsetBytes: 16 } : { address })),
  user: (pid, addresses) =>
    addresses.map((address) =>
      pid === 7 && address === USER
        ? { address, symbol: 'spin;\x1b', offsetBytes: 4, module: '/bin/a"b' }
        : { address },
    ),
};

function event(kernelBytes: number, userBytes: number, comm = 'busy'): Uint8Array {
  const stacks = [KERNEL, 0x11n, 0n, USER, 0x22n, 0n].flatMap((address) => le(8, address));
  return Uint8Array.from([
    ...le(4, 7),
    ...le(4, 1),
    ...chars(16, comm),
    ...le(4, kernelBytes),
    ...le(4, userBytes),
    ...stacks,
  ]);
}

function printed(output: 'table' | 'json' | 'folded', records: readonly Uint8Array[], folded = new FoldedStacks()) {
  const printer = stackPrinter({ reader: embeddedStacks(EVENT), symbolizer: SYMBOLS, output, folded });
  expect(printer.header()).toBeUndefined();
  return { text: textOf(printer.print(frame(records))), counts: printer.counts, folded };
}

describe('stackPrinter()', () => {
  it('stackPrinter() prints a stack as eunomia-bpf does, with names and an empty line', () => {
    expect(printed('table', [event(16, 8), event(-14, 8, 'x\x1b')]).text).toBe(
      [
        'COMM: busy (pid=7) @ CPU 1',
        'Kernel:',
        '  0 [<ffffffff81000010>] do_idle+0x10',
        '  1 [<0000000000000011>] [unknown]',
        'Userspace:',
        '  0 [<000055d000001234>] spin;\\x1b+0x4 "/bin/a"b"',
        '',
        'COMM: x\\x1b (pid=7) @ CPU 1',
        'No Kernel Stack',
        'Userspace:',
        '  0 [<000055d000001234>] spin;\\x1b+0x4 "/bin/a"b"',
        '',
        '',
      ].join('\n'),
    );
  });

  it('stackPrinter() leaves an event without either stack out, and one that is cut off', () => {
    const { text, counts } = printed('table', [event(0, -1), event(8, 8).subarray(0, 40), event(8, 0)]);
    expect(text).toContain('No Userspace Stack');
    expect(text.match(/COMM/g)?.length).toBe(1);
    expect(counts).toMatchObject({ printed: 1, malformed: 1 });
  });

  it('stackPrinter() never reads beyond the arrays, whatever the sizes say', () => {
    const [line = ''] = printed('json', [event(2 ** 31 - 1, 4096)]).text.split('\n');
    const { stacks } = JSON.parse(line);
    expect([stacks.kernel.length, stacks.user.length]).toEqual([3, 3]);
  });

  it('stackPrinter() puts the names beside the other fields in JSON', () => {
    const { text } = printed('json', [event(8, 8)]);
    expect(text.endsWith('}\n')).toBe(true);
    expect(JSON.parse(text)).toEqual({
      pid: 7,
      cpu_id: 1,
      comm: 'busy',
      kstack_sz: 8,
      ustack_sz: 8,
      stacks: {
        kernel: [{ address: '0xffffffff81000010', symbol: 'do_idle', offset: 16 }],
        user: [{ address: '0x55d000001234', symbol: 'spin;\x1b', offset: 4, module: '/bin/a"b' }],
      },
    });
  });

  it('stackPrinter() adds equal stacks up, the outermost frame first, and prints nothing of them one by one', () => {
    const { text, folded, counts } = printed('folded', [event(16, 8), event(16, 8), event(0, 8)]);
    expect(text).toBe('');
    expect(counts.printed).toBe(3);
    expect(folded.text()).toBe('busy;spin:\\x1b 1\nbusy;spin:\\x1b;[unknown]_[k];do_idle_[k] 2\n');
  });

  it.each([
    ['pid == 7', 1],
    ['pid == 8', 0],
  ])('stackPrinter() shows and counts only what the filter %s lets through', (filter, count) => {
    const folded = new FoldedStacks();
    const reader = embeddedStacks(EVENT);
    const printer = stackPrinter({ reader, symbolizer: SYMBOLS, output: 'json', folded, options: { filter } });
    expect(textOf(printer.print(frame([event(8, 8)]))).split('\n').length - 1).toBe(count);
    expect([printer.counts.printed, folded.list().length]).toEqual([count, count]);
  });

  it('stackPrinter() shows the first of each block, in the order of a field', () => {
    const options = { sort: { field: 'comm', descending: true }, top: 2, filter: 'comm != "d"' };
    const printer = stackPrinter({ reader: embeddedStacks(EVENT), symbolizer: SYMBOLS, output: 'json', options });
    expect(textOf(printer.print(frame(['a', 'c', 'd', 'b'].map((comm) => event(8, 8, comm)))))).toBe('');
    const lines = textOf(printer.flush?.() ?? new Uint8Array(0))
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).comm)).toEqual(['c', 'b']);
    expect(printer.counts).toMatchObject({ printed: 2, filtered: 2 });
  });

  it('stackPrinter() stops at the limit', () => {
    const printer = stackPrinter({ reader: embeddedStacks(EVENT), symbolizer: SYMBOLS, output: 'table' });
    expect(textOf(printer.print(frame([event(8, 8), event(8, 8)]), 1)).match(/COMM/g)?.length).toBe(1);
  });

  it.each([
    ['a field that is not there', { pid: 'tgid' }, 'it has no field "tgid"'],
    ['a number that is text', { pid: 'comm' }, 'its field "comm" is no number'],
    ['a stack that is a number', { kstack: 'pid' }, 'its field "pid" is no array of addresses'],
    ['a name that is a number', { comm: 'pid' }, 'its field "pid" is no text'],
  ])('embeddedStacks() refuses %s', (_, names, reason) => {
    expect(() => embeddedStacks(EVENT, { ...STACK_FIELD_NAMES, ...names })).toThrow(
      expect.objectContaining({ code: 'EBPM_EVENT_TYPE_INVALID', message: expect.stringContaining(reason) }),
    );
  });
});

describe('mappedStacks()', () => {
  const key = btf.struct('place', { pid: int, kernel_stack_id: int, user_stack_id: int, comm: btf.array(char, 8) });
  const MAP = keyValueType(btf, {
    name: 'counts',
    keySizeBytes: 20,
    valueSizeBytes: 8,
    keyTypeId: key,
    valueTypeId: u64,
  });
  const stacks = new Map([
    ['kernel_stack_id 5', [KERNEL, 0n, 9n]],
    ['user_stack_id 6', [USER, 2n ** 63n]],
  ]);
  const stackOf = (id: number, field: string) => {
    const addresses = stacks.get(`${field} ${id}`);
    return addresses === undefined ? undefined : Uint8Array.from(addresses.flatMap((address) => le(8, address)));
  };

  it.each([
    [5, 6, [KERNEL], [USER, 2n ** 63n]],
    [-14, 6, [], [USER, 2n ** 63n]],
    [5, 99, [KERNEL], []],
  ])('mappedStacks() looks the stacks %i and %i up', (kernelId, userId, kernel, user) => {
    const bytes = Uint8Array.from([
      ...le(4, 7),
      ...le(4, kernelId),
      ...le(4, userId),
      ...chars(8, 'busy'),
      ...le(8, 45),
    ]);
    const view = new DataView(bytes.buffer);
    const expected = { comm: 'busy', pid: 7, cpu: undefined, count: 45n, kernel, user };
    expect(mappedStacks(MAP, stackOf)?.sample({ bytes, view })).toEqual(expected);
  });

  it('mappedStacks() finds nothing where no field is the id of a stack', () => {
    const plain = keyValueType(btf, {
      name: 'm',
      keySizeBytes: 4,
      valueSizeBytes: 8,
      keyTypeId: int,
      valueTypeId: u64,
    });
    expect(mappedStacks(plain, stackOf)).toBeUndefined();
  });
});
