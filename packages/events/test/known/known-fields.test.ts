import { describe, expect, it } from 'vitest';
import { createPrinter } from '../../src/create-printer.js';
import type { PrinterOptions } from '../../src/printer.js';
import type { PrinterKind } from '../../src/printers/all.js';
import type { BtfModel } from '../btf-model.js';
import { bytesOf, eventType, named, s8, s32, s64, text, u16, u32, u64, u128 } from '../event-type.js';
import { frame, le, textOf } from '../frame.js';

const OPTIONS: PrinterOptions = {
  timestamp: 'none',
  architecture: 'x64',
  userName: (uid) => (uid === 0 ? 'root' : uid === 1000 ? 'a\x1bb' : undefined),
};

interface Case {
  readonly name: string;
  readonly type: (btf: BtfModel) => number;
  readonly bytes: readonly number[];
  readonly expected: string;
}

function shown(kind: PrinterKind, { name, type, bytes }: Omit<Case, 'expected'>, options: PrinterOptions = {}): string {
  const printer = createPrinter(kind, eventType({ [name]: type }), { ...OPTIONS, ...options });
  return textOf(printer.print(frame([Uint8Array.from(bytes)]))).trim();
}

const IPV6 = [0x20, 0x01, 0x0d, 0xb8, ...new Array<number>(11).fill(0), 1];
const MAPPED = [...new Array<number>(10).fill(0), 0xff, 0xff, 10, 0, 0, 1];
const LOCALHOST = [127, 0, 0, 1];

const CASES: readonly Case[] = [
  { name: 'saddr', type: u32, bytes: LOCALHOST, expected: '127.0.0.1' },
  { name: 'daddr', type: named('__be32', u32), bytes: [255, 255, 255, 255], expected: '255.255.255.255' },
  { name: 'dst_ip', type: bytesOf(4), bytes: LOCALHOST, expected: '127.0.0.1' },
  { name: 'saddr_v6', type: bytesOf(16), bytes: IPV6, expected: '2001:db8::1' },
  { name: 'saddr', type: u128, bytes: MAPPED, expected: '::ffff:10.0.0.1' },
  { name: 'addr', type: (btf) => btf.array(u32(btf), 4), bytes: new Array<number>(16).fill(0), expected: '::' },
  { name: 'saddr', type: u64, bytes: le(8, 5), expected: '5' },
  { name: 'addr', type: (btf) => btf.reference('ptr', 0), bytes: le(8, 4096), expected: '4096' },
  { name: 'dport', type: named('__be16', u16), bytes: [0x01, 0xbb], expected: '443' },
  { name: 'dport', type: u16, bytes: le(2, 443), expected: '443' },
  { name: 'uid', type: u32, bytes: le(4, 0), expected: 'root' },
  { name: 'euid', type: named('uid_t', u32), bytes: le(4, 77), expected: '77' },
  { name: 'uid', type: u32, bytes: le(4, 1000), expected: 'a\\x1bb' },
  { name: 'cuid', type: u32, bytes: le(4, 0), expected: '0' },
  { name: 'sig', type: s32, bytes: le(4, 9), expected: 'SIGKILL' },
  { name: 'exit_signal', type: u32, bytes: le(4, 34), expected: '34' },
  { name: 'sig', type: s8, bytes: le(1, 6), expected: 'SIGABRT' },
  { name: 'syscall', type: s64, bytes: le(8, 257), expected: 'openat' },
  { name: 'syscall_nr', type: u32, bytes: le(4, 462), expected: 'mseal' },
  { name: 'syscall', type: u32, bytes: le(4, 4_294_967_295), expected: '4294967295' },
  { name: 'syscall', type: s64, bytes: le(8, -1), expected: '-1' },
  { name: 'ret', type: s32, bytes: le(4, -2), expected: '-ENOENT' },
  { name: 'ret', type: s64, bytes: le(8, -512), expected: '-ERESTARTSYS' },
  { name: 'ret', type: s64, bytes: le(8, -(2n ** 40n)), expected: '-1099511627776' },
  { name: 'ret', type: s32, bytes: le(4, 3), expected: '3' },
  { name: 'ret', type: u32, bytes: le(4, -2), expected: '4294967294' },
  { name: 'duration_ns', type: u64, bytes: le(8, 999), expected: '999ns' },
  { name: 'duration_ns', type: u64, bytes: le(8, 1_234), expected: '1.234us' },
  { name: 'lat_ns', type: u64, bytes: le(8, 999_999_999), expected: '999.999ms' },
  { name: 'delta_us', type: s64, bytes: le(8, -1_500), expected: '-1.500ms' },
  { name: 'wait_ms', type: u32, bytes: le(4, 3_600_001), expected: '3600.001s' },
  { name: 'duration_ns', type: u64, bytes: le(8, 2n ** 64n - 1n), expected: '18446744073.709s' },
  { name: 'delta_us', type: u64, bytes: le(8, 0), expected: '0ns' },
  { name: 'start_ns', type: u64, bytes: le(8, 1_234), expected: '1234' },
  { name: 'ts_us', type: u64, bytes: le(8, 1_234), expected: '1234' },
  { name: 'exit_ts_ns', type: u64, bytes: le(8, 1_234), expected: '1234' },
  { name: 'syscall', type: text(8), bytes: [0x6f, 0x70, 0, 0, 0, 0, 0, 0], expected: 'op' },
];

describe('KNOWN_FIELDS', () => {
  it.each(CASES)('KNOWN_FIELDS: a table shows $name as $expected', (known) => {
    expect(shown('table', known)).toBe(known.expected);
  });

  it.each(CASES)('KNOWN_FIELDS: JSON and --numeric leave $name as it is ($expected)', ({ expected, ...known }) => {
    const plain = createPrinter('json', eventType({ value: known.type }));
    const value = textOf(plain.print(frame([Uint8Array.from(known.bytes)])))
      .trim()
      .slice('{"value":'.length, -1);
    expect(shown('json', known)).toBe(`{"${known.name}":${value}}`);
    expect(shown('table', known, { numeric: true })).toBe(value.startsWith('"') ? value.slice(1, -1) : value);
  });

  it.each(CASES)('KNOWN_FIELDS: CSV has only addresses as text ($name, $expected)', (known) => {
    const isAddress = /addr|ip$/.test(known.name) && /[.:]/.test(known.expected);
    expect(shown('csv', known)).toBe(isAddress ? known.expected : shown('csv', known, { numeric: true }));
  });

  it.each([
    [2, [10, 0, 0, 1, ...new Array<number>(12).fill(0)], '10.0.0.1'],
    [2, MAPPED, '10.0.0.1'],
    [10, IPV6, '2001:db8::1'],
    [10, [10, 0, 0, 1, ...new Array<number>(12).fill(0)], 'a00:1::'],
  ])('KNOWN_FIELDS: an address of family %i takes the form of its family', (family, address, expected) => {
    const type = eventType({
      saddr: u128,
      conn: (btf) => btf.struct('', { daddr: u128(btf), af: u16(btf) }),
      family: u16,
    });
    const bytes = new Uint8Array(type.sizeBytes);
    bytes.set(address, 0);
    bytes.set(address, 16);
    for (const { name, offsetBytes } of type.fields) if (name === 'family') bytes.set(le(2, family), offsetBytes);
    bytes.set(le(2, family), 32);
    const columns = ['saddr', 'conn.daddr'];
    const printer = createPrinter('csv', type, { columns });
    expect(textOf(printer.print(frame([bytes])))).toBe(`${expected},${expected}\n`);
  });

  it.each([
    ['0:0:1:0:0:0:0:2', '0:0:1::2'],
    ['1:0:0:2:0:0:0:0', '1:0:0:2::'],
    ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
    ['0:0:0:0:0:fffe:a00:1', '::fffe:a00:1'],
    ['fe80:0:0:0:abcd:1:2:3', 'fe80::abcd:1:2:3'],
  ])('KNOWN_FIELDS: an IPv6 address %s is written as %s', (groups, expected) => {
    const bytes = groups
      .split(':')
      .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
    expect(shown('table', { name: 'saddr', type: u128, bytes })).toBe(expected);
  });

  it('KNOWN_FIELDS: system calls have the numbers of the machine that they come from', () => {
    const known = { name: 'syscall', type: u32, bytes: le(4, 56) };
    expect(shown('table', known, { architecture: 'x64' })).toBe('clone');
    expect(shown('table', known, { architecture: 'arm64' })).toBe('openat');
    expect(shown('table', known, { architecture: undefined })).toBe('56');
  });

  it('KNOWN_FIELDS: users are asked for once each, and stay numbers where nobody knows them', () => {
    const asked: number[] = [];
    const userName = (uid: number): string | undefined => {
      asked.push(uid);
      return uid === 0 ? 'x'.repeat(100) : undefined;
    };
    const printer = createPrinter('table', eventType({ uid: u32 }), { timestamp: 'none', userName });
    const batch = frame([0, 5, 0, 5].map((uid) => Uint8Array.from(le(4, uid))));
    expect(textOf(printer.print(batch))).toBe(`${'x'.repeat(64)}\n5\n${'x'.repeat(64)}\n5\n`);
    expect(asked).toEqual([0, 5]);
    expect(shown('table', { name: 'uid', type: u32, bytes: le(4, 0) }, { userName: undefined })).toBe('0');
  });
});
