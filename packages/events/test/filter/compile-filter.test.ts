import { EbpmError } from '@ebpm/formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../src/filter/compile-filter.js';
import { FILTER_LENGTH_LIMIT } from '../../src/limits.js';
import type { RecordType } from '../../src/record-type.js';
import { arbitraryRecord } from '../arbitrary-record.js';
import { bool, eventType, s8, s32, s64, text, u8, u16, u32, u64, u128 } from '../event-type.js';
import { chars, le } from '../frame.js';

const TYPE = eventType({
  pid: u32,
  ppid: s32,
  big: u64,
  offset: s64,
  huge: u128,
  port: u16,
  small: s8,
  ok: bool,
  comm: text(8),
  state: (btf) => btf.enumeration('enum', 4, { IDLE: -1n, RUNNING: 3n }, true),
  ratio: (btf) => btf.float('float', 4),
  load: (btf) => btf.float('double', 8),
  inner: (btf) => btf.struct('', { x: u8(btf), name: text(3)(btf) }),
  sig: s32,
  ret: s32,
  path: text(8),
  list: (btf) => btf.array(btf.int('u16', 2), 2),
});

interface Values {
  readonly [name: string]: readonly number[];
}

const DEFAULTS: Values = {
  pid: le(4, 4_000_000_000),
  ppid: le(4, -5),
  big: le(8, 2n ** 63n + 1n),
  offset: le(8, -(2n ** 53n) - 1n),
  huge: le(16, 2n ** 127n + 1n),
  port: le(2, 443),
  small: le(1, -1),
  ok: [1],
  comm: chars(8, 'bash'),
  state: le(4, -1),
  ratio: [...new Uint8Array(Float32Array.of(0.1).buffer)],
  load: [...new Uint8Array(Float64Array.of(Number.NaN).buffer)],
  inner: [7, ...chars(3, 'abc')],
  sig: le(4, 9),
  ret: le(4, -2),
  path: chars(8, 'bash'),
  list: [...le(2, 1), ...le(2, 500)],
};

function record(values: Values = {}): Uint8Array {
  const bytes = new Uint8Array(TYPE.sizeBytes);
  for (const { name, offsetBytes } of TYPE.fields) bytes.set((values[name] ?? DEFAULTS[name]) as number[], offsetBytes);
  return bytes;
}

/** With bytes before the record, which a filter must not look at. */
function passes(type: RecordType, filter: string, bytes: Uint8Array): boolean {
  const around = new Uint8Array(bytes.length + 24).fill(0x61);
  around.set(bytes, 16);
  return compileFilter(type, filter)(around, new DataView(around.buffer), 16, bytes.length);
}

describe('compileFilter()', () => {
  it.each([
    ['pid == 4000000000', true],
    ['pid != 0xEE6B2800', false],
    ['pid > 4294967296', false],
    ['pid < 99999999999999999999', true],
    ['pid >= -1', true],
    ['100 < pid', true],
    ['ppid == -5 && ppid < 0', true],
    ['ppid > -4', false],
    ['big == 9223372036854775809', true],
    ['big == 9223372036854775808', false],
    ['big > 0x8000000000000000 && big <= 9223372036854775809', true],
    ['big >= 18446744073709551616', false],
    ['offset == -9007199254740993', true],
    ['offset < -9007199254740992 && offset > -9007199254740994', true],
    ['huge == 170141183460469231731687303715884105729', true],
    ['huge > 170141183460469231731687303715884105729', false],
    ['port == 443 && small == -1 && small < 0', true],
    ['ok', true],
    ['!ok', false],
    ['ok == true', true],
    ['ok != 1', false],
    ['false != ok', true],
    ['comm == "bash"', true],
    ["comm == 'bas'", false],
    ['comm != "bash!"', true],
    ['comm == "bash is longer than its field"', false],
    ['comm < "basj" && comm >= "bash" && comm > "bas"', true],
    ['"c" > comm', true],
    ['comm == path', true],
    ['comm == inner.name', false],
    ['comm < inner.name', false],
    ['comm =~ "as"', true],
    ['comm =~ "^ash"', false],
    ['comm =~ "^b[a-z]+h$"', true],
    ['comm', true],
    ['state == IDLE', true],
    ['state == -1', true],
    ['state == "RUNNING"', false],
    ['IDLE == state', true],
    ['ratio == 0.1', true],
    ['ratio > 1e-1', false],
    ['load == load', false],
    ['load < 1 || load >= 1', false],
    ['!(load < 1)', true],
    ['inner.x == 7 && inner.name == "abc"', true],
    ['list[1] == 500 && list[0] < list[1]', true],
    ['sig == SIGKILL', true],
    ['ret == -ENOENT', true],
    ['ppid < small && pid > ppid', true],
    ['big > offset && offset < ratio', true],
    ['ok == inner.x', false],
    ['huge > big', true],
    ['pid == 1 || port == 443 && comm == "bash"', true],
    ['(pid == 1 || port == 443) && comm == "zsh"', false],
    ['!(pid == 1) && !(comm == "zsh")', true],
    ['true', true],
    ['false || true', true],
    ['\tok\n&&\r\nok ', true],
  ])('compileFilter() finds that %s is %s', (filter, expected) => {
    expect(passes(TYPE, filter, record())).toBe(expected);
  });

  it.each([
    ['comm == "\\\\x1b"', [0x5c, 0x78, 0x31, 0x62]],
    ['comm == "\\x1b]\\n\\t\\r"', [0x1b, 0x5d, 0x0a, 0x09, 0x0d]],
    ['comm == "\\xff\\u00f6"', [0xff, 0xc3, 0xb6]],
    ['comm == "\\"\\\'"', [0x22, 0x27]],
    ['comm == "ö🙂"', [0xc3, 0xb6, 0xf0, 0x9f, 0x99, 0x82]],
    ['comm == "\\u{1f642}"', [0xf0, 0x9f, 0x99, 0x82]],
    ['comm =~ "^\\xff\\.$"', [0xff, 0x2e]],
    ['comm == ""', []],
    ['!comm', []],
  ])('compileFilter() takes text with escapes: %s', (filter, bytes) => {
    const comm = [...bytes, ...new Array<number>(8 - bytes.length).fill(0)];
    expect(passes(TYPE, filter, record({ comm }))).toBe(true);
    expect(passes(TYPE, filter, record({ comm: chars(8, 'zz') }))).toBe(false);
  });

  it('compileFilter() compares text that fills its field', () => {
    const comm = chars(8, '12345678');
    expect(passes(TYPE, 'comm == "12345678" && comm =~ "8$"', record({ comm }))).toBe(true);
    expect(passes(TYPE, 'comm == "1234567" || comm == "123456789"', record({ comm }))).toBe(false);
  });

  it('compileFilter() takes bitfields with their signs', () => {
    const fields = [
      { name: 'low', offsetBytes: 0, typeName: 'int', type: bits(0, 3, true) },
      { name: 'wide', offsetBytes: 0, typeName: 'u64', type: bits(3, 40, false) },
      {
        name: 'flag',
        offsetBytes: 5,
        typeName: 'bool',
        type: { ...bits(3, 1, false), of: { kind: 'bool', sizeBytes: 1 } },
      },
    ] as const;
    const type: RecordType = { name: 'event', sizeBytes: 8, fields };
    const bytes = Uint8Array.from(le(8, 0b101n | (0xab_cdef_0123n << 3n) | (1n << 43n)));
    expect(passes(type, 'low == -3 && wide == 0xabcdef0123 && flag && flag == true && low < wide', bytes)).toBe(true);
    expect(passes(type, 'low >= 0 || wide > 0xabcdef0123 || !flag', bytes)).toBe(false);
  });

  it('compileFilter() gives for any integers what their values say', () => {
    const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
    const size = fc.constantFrom(1, 2, 4, 8, 16);
    const edge = fc.bigInt({ min: -(2n ** 129n), max: 2n ** 129n });
    const power = fc.tuple(fc.nat(128), fc.integer({ min: -1, max: 1 }), fc.constantFrom(1n, -1n));
    const value = fc.oneof(
      edge,
      power.map(([bits, near, sign]) => sign * 2n ** BigInt(bits) + BigInt(near)),
    );
    fc.assert(
      fc.property(size, fc.boolean(), operator, value, value, (sizeBytes, signed, sign, stored, wanted) => {
        const type = eventType({ x: (btf) => btf.int('x', sizeBytes, signed) });
        const bits = sizeBytes * 8;
        const own = signed ? BigInt.asIntN(bits, stored) : BigInt.asUintN(bits, stored);
        const bytes = Uint8Array.from(le(sizeBytes, stored));
        expect(passes(type, `x ${sign} ${wanted}`, bytes)).toBe(holds(own, sign, wanted));
        expect(passes(type, `x ${sign} ${own}`, bytes)).toBe(holds(own, sign, own));
      }),
    );
  });

  it('compileFilter() throws nothing but EbpmError, whatever is typed', () => {
    const word = fc.constantFrom(
      'pid',
      'comm',
      'inner',
      'inner.x',
      'list[1]',
      'state',
      'IDLE',
      'ok',
      '(',
      ')',
      '!',
      '&&',
    );
    const more = fc.constantFrom(
      '||',
      '==',
      '=~',
      '<',
      '-',
      '1',
      '0x1',
      '1.5',
      '"a"',
      "'[a-'",
      '"(a*)*"',
      '.',
      '"',
      '\\',
      'ö',
    );
    const words = fc.array(fc.oneof(word, more), { maxLength: 12 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 40 })), (filter) => {
        try {
          expect(typeof passes(TYPE, filter, record())).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(EbpmError);
          expect(error).toMatchObject({ code: 'EBPM_FILTER_INVALID' });
        }
      }),
      { numRuns: 400 },
    );
  });

  it('compileFilter() reads only inside the record, whatever its type', () => {
    fc.assert(
      fc.property(arbitraryRecord, fc.nat(10), ({ type, bytes }, choice) => {
        const { name } = type.fields[choice % type.fields.length] ?? { name: '' };
        const outcome = (before: number): unknown => {
          const around = new Uint8Array(before + bytes.length + 8).fill(before);
          around.set(bytes, before);
          try {
            return compileFilter(type, name)(around, new DataView(around.buffer), before, bytes.length);
          } catch (error) {
            expect(error).toMatchObject({ code: 'EBPM_FILTER_INVALID' });
            return 'refused';
          }
        };
        expect(outcome(3)).toBe(outcome(200));
      }),
    );
  });
});

function bits(shiftBits: number, count: number, signed: boolean) {
  const of = { kind: 'int', sizeBytes: 8, signed } as const;
  return { kind: 'bitfield', sizeBytes: Math.ceil((shiftBits + count) / 8), shiftBits, bits: count, of } as const;
}

function holds(one: bigint, operator: string, other: bigint): boolean {
  switch (operator) {
    case '==':
      return one === other;
    case '!=':
      return one !== other;
    case '<':
      return one < other;
    case '<=':
      return one <= other;
    case '>':
      return one > other;
    default:
      return one >= other;
  }
}

describe('compileFilter() refuses', () => {
  it.each([
    ['', 1, 'the filter ends where a field, a number or a text should be'],
    ['pid = 3', 5, '"=" is not known'],
    ['pid == ', 8, 'the filter ends where a field, a number or a text should be'],
    ['pid == 3 comm', 10, 'a condition is over here'],
    ['pid == 3 and ok', 10, 'a condition is over here'],
    ['(pid == 3', 10, '")" is missing'],
    ['pid == 3)', 9, 'a condition is over here'],
    ['1 < pid < 3', 9, 'comparisons cannot be chained'],
    ['!pid == 3', 6, 'it is not clear what "!" belongs to'],
    ['nope == 3', 1, 'events of type "event" have no field "nope"'],
    ['pid == nope', 8, 'events of type "event" have no field "nope"'],
    ['inner.y == 3', 1, '"inner" is a struct without such a field'],
    ['list[2] == 3', 1, '"list" is an array with 2 elements, counted from 0'],
    ['pid.x == 3', 1, '"pid" is a single value, without fields or elements'],
    ['comm == 3', 9, '"comm" is text'],
    ['comm == bash', 9, '"comm" is text'],
    ['pid == "x"', 8, '"pid" is a number'],
    ['pid == 1.5', 8, '"pid" is a whole number, and 1.5 is none'],
    ['pid =~ "1"', 5, '"pid" is no text, and patterns are found in text only'],
    ['comm =~ path', 9, 'a pattern is a text in quotes'],
    ['comm == pid', 6, '"comm" is text, and the other side is not'],
    ['inner == 3', 1, '"inner" is no single value'],
    ['list == list', 1, '"list" is no single value'],
    ['list', 1, '"list" is no single value'],
    ['ok < true', 4, '"ok" is true or false, not more or less'],
    ['ok == 2', 7, '"ok" is true or false'],
    ['state == WALKING', 10, '"state" has no value "WALKING"'],
    ['ratio == "x"', 10, '"ratio" is a number'],
    ['3', 1, 'a value alone is no condition'],
    ['3 == 3', 1, 'a field of the event should stand here'],
    ['comm == "a', 9, 'the text has no " at its end'],
    ['comm == "a\\q"', 11, '"\\q" is not known'],
    ['comm == "\\x00"', 10, 'text ends before a NUL, so none has one'],
    ['comm =~ "a(b"', 11, 'in the pattern, ")" is missing for this "("'],
    ['comm =~ "[z-a]"', 12, 'in the pattern, the range ends before it begins'],
    ['pid == 3x', 8, '"3x" is neither a number nor a name'],
    ['pid == - ', 10, 'a number should follow "-"'],
    ['pid # 3', 5, '"#" is not known'],
  ])('compileFilter() refuses %s at character %i: %s', (filter, at, reason) => {
    expect(() => compileFilter(TYPE, filter)).toThrow(
      expect.objectContaining({
        code: 'EBPM_FILTER_INVALID',
        message: `Cannot read the filter at character ${at}: ${reason}`,
        data: { at },
      }),
    );
  });

  it('compileFilter() refuses a filter that is too long or nested too deeply', () => {
    const long = '1'.repeat(FILTER_LENGTH_LIMIT + 1);
    expect(() => compileFilter(TYPE, long)).toThrow(`it has more than ${FILTER_LENGTH_LIMIT} characters`);
    const deep = `${'('.repeat(65)}pid${')'.repeat(65)}`;
    expect(() => compileFilter(TYPE, deep)).toThrow('at character 65: it is nested too deeply');
  });

  it('compileFilter() shows the place below the filter, and what there is', () => {
    const filter = 'pid > 3 && nope';
    expect(() => compileFilter(eventType({ pid: u32, comm: text(4) }), filter)).toThrow(
      expect.objectContaining({
        hint: ['pid > 3 && nope', '           ^', 'Fields: pid, comm', 'Text stands in quotes'].join('\n'),
      }),
    );
  });
});
