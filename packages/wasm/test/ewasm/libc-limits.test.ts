import { EWASM_SIGNATURES } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { engine } from '../../src/engine.js';
import { HEAP_BYTES, Heap } from '../../src/ewasm/libc/heap.js';
import { libcImports } from '../../src/ewasm/libc/libc-imports.js';
import { GuestFault } from '../../src/guest-fault.js';
import { GuestMemory } from '../../src/guest-memory.js';

const PAGE = 65536;
const END = PAGE + HEAP_BYTES;

function libc(maximum?: number) {
  const memory = new GuestMemory();
  memory.bind(new engine.Memory({ initial: 1, ...(maximum === undefined ? {} : { maximum }) }));
  const printed: string[] = [];
  const calls = libcImports({
    memory,
    heap: new Heap(memory),
    stdout: (bytes) => void printed.push(Buffer.from(bytes).toString('latin1')),
    table: () => undefined,
  });
  const call = (name: string, ...args: number[]) => calls[name]?.(...(args as never[])) as number;
  const text = (at: number, value: string) => {
    memory.write(at, Buffer.from(`${value}\0`, 'latin1'));
    return at;
  };
  return { memory, calls, call, text, printed };
}

describe('libcImports()', () => {
  it('has the functions that stand in the table of signatures', () => {
    const kernel = ['create_bpf', 'run_bpf', 'wait_and_poll_bpf'];
    expect([...Object.keys(libc().calls), ...kernel].sort()).toEqual(Object.keys(EWASM_SIGNATURES).sort());
  });

  it('malloc() gives aligned pieces that do not touch each other, until its 2 MiB are full', () => {
    const { call, memory } = libc();
    const pieces = Array.from({ length: 20 }, (_, index) => call('malloc', index * 7));
    expect(pieces.every((piece) => piece % 16 === 0 && piece >= PAGE)).toBe(true);
    expect(new Set(pieces).size).toBe(20);
    expect(memory.all.length).toBe(END);
    expect(call('malloc', HEAP_BYTES)).toBe(0);
    expect(call('malloc', -1)).toBe(0);
    expect(call('calloc', 65536, 65536)).toBe(0);
    expect(call('calloc', -1, -1)).toBe(0);
    const large = call('malloc', HEAP_BYTES - 4096);
    expect(large).toBeGreaterThan(0);
    expect(call('malloc', 4096)).toBe(0);
    expect(call('realloc', large, HEAP_BYTES)).toBe(0);
    for (const piece of [...pieces, large]) call('free', piece);
    // What was freed in any order is one piece again.
    expect(call('malloc', HEAP_BYTES)).toBe(PAGE);
    expect(memory.all.length).toBe(END);
  });

  it('_strdup() copies a text as strdup() does', () => {
    const { call, memory, text } = libc();
    const at = text(100, 'copied');
    const copies = [call('strdup', at), call('_strdup', at)];
    expect(new Set([at, ...copies]).size).toBe(3);
    expect(copies.map((copy) => memory.text(copy, 100))).toEqual(['copied', 'copied']);
  });

  it('abort() and __cxa_throw() are traps, and memory for an exception is the heap’s', () => {
    const { call } = libc();
    const trap = (message: string) => expect.objectContaining({ name: 'RuntimeError', message });
    expect(() => call('abort', 3)).toThrow(trap('env.abort(3)'));
    expect(() => call('abort')).toThrow(trap('env.abort(0)'));
    const exception = call('__cxa_allocate_exception', 24);
    expect(exception).toBeGreaterThanOrEqual(PAGE);
    expect(call('__cxa_begin_catch', exception)).toBe(exception);
    expect(() => call('__cxa_throw', exception, 0, 0)).toThrow(trap('exception thrown by stdc++'));
    call('free', exception);
    expect(call('__cxa_allocate_exception', HEAP_BYTES + 1)).toBe(0);
  });

  it('free() and realloc() end a guest that gives back what it was not given, or twice', () => {
    const { call } = libc();
    const piece = call('malloc', 100);
    for (const pointer of [piece + 16, piece - 16, 8, -1, END]) {
      expect(() => call('free', pointer)).toThrow(GuestFault);
      expect(() => call('realloc', pointer, 10)).toThrow(GuestFault);
    }
    call('free', piece);
    expect(() => call('free', piece)).toThrow(/which malloc did not give or which is free already/);
    expect(() => call('realloc', piece, 10)).toThrow(GuestFault);
    expect(call('free', 0)).toBeUndefined();
  });

  it('what a guest writes beyond its piece harms it alone', () => {
    const { call, memory } = libc();
    const one = call('malloc', 16);
    const two = call('malloc', 16);
    memory.bytes(PAGE, HEAP_BYTES).fill(0xff);
    call('free', one);
    call('free', two);
    expect(call('malloc', 32)).toBe(one);
    const zeros = call('calloc', 4, 4);
    expect([...memory.bytes(zeros, 16)]).toEqual(Array(16).fill(0));
  });

  it('realloc() keeps what was there, and of nothing frees', () => {
    const { call, memory } = libc();
    const piece = call('realloc', 0, 16);
    memory.write(piece, Buffer.from('0123456789abcdef'));
    call('malloc', 1);
    const moved = call('realloc', piece, 4000);
    expect(moved).not.toBe(piece);
    expect(memory.utf8(moved, 16)).toBe('0123456789abcdef');
    expect(call('realloc', moved, 8)).toBe(moved);
    expect(call('realloc', moved, 0)).toBe(0);
    expect(() => call('free', moved)).toThrow(GuestFault);
  });

  it('ends a guest whose memory cannot grow by the heap', () => {
    expect(() => libc(20).call('malloc', 1)).toThrow(/cannot grow by the 2097152 bytes of its heap/);
  });

  it('strtol() and strtoul() stop at what 32 bits hold', () => {
    const { call, text, memory } = libc();
    const of = (name: string, value: string, base = 10) => call(name, text(100, value), 0, base);
    expect(of('strtol', '99999999999')).toBe(2147483647);
    expect(of('strtol', '-99999999999')).toBe(-2147483648);
    expect(of('strtol', '9'.repeat(400))).toBe(2147483647);
    expect(of('strtoul', '4294967295')).toBe(-1);
    expect(of('strtoul', '4294967296')).toBe(-1);
    expect(of('strtoul', '-1')).toBe(-1);
    expect(of('strtoul', '-4294967295')).toBe(1);
    expect([of('strtol', '7', 1), of('strtol', '7', 37), of('strtol', '7', -1)]).toEqual([0, 0, 0]);
    expect(call('strtol', text(100, '12x'), 8, 10)).toBe(12);
    expect(memory.u32(8)).toBe(102);
    expect(() => call('strtol', text(100, '12'), PAGE, 10)).toThrow(GuestFault);
  });

  it.each([
    ['%n', /%n/],
    ['%hhn', /%n/],
    ['%ls', /wide characters/],
    ['%lc', /wide characters/],
    ['%2000000d', /2000000 characters wide/],
    ['%.9999999999d', /characters wide/],
    ['%1000000d%1000000d', /more than 1048576 bytes/],
  ])('printf() ends a guest that uses %s', (format, message) => {
    const { call, text, printed } = libc();
    expect(() => call('printf', text(100, format), 1000)).toThrow(message);
    expect(printed).toEqual([]);
  });

  it('printf() prints what is no conversion as it stands', () => {
    const { call, text, printed } = libc();
    expect(call('printf', text(100, '50% y%q %5 %'), 1000)).toBe(12);
    expect(call('printf', text(100, 'gr\xfcn %p %s'), 1000)).toBe(15);
    expect(printed).toEqual(['50% y%q %5 %', 'gr\xfcn 0x0 (null)']);
  });

  it('printf() with a hundred thousand digits is done soon', () => {
    const { call, text, memory } = libc();
    memory.struct(1000, 8).setFloat64(0, 5e-324, true);
    expect(call('snprintf', 0, 0, text(100, '%.100000f'), 1000)).toBe(100002);
    expect(call('snprintf', 0, 0, text(100, '%.100000e'), 1000)).toBe(100007);
  });

  it('ends a guest whose arguments, strings or buffers lie outside', () => {
    const { call, text } = libc();
    const last = PAGE - 1;
    const wrong: [string, ...number[]][] = [
      ['printf', text(100, '%d'), PAGE - 3],
      ['printf', text(120, '%lld'), PAGE - 4],
      ['printf', text(140, '%s'), PAGE],
      ['printf', PAGE, 0],
      ['sprintf', last, text(200, 'xx'), 0],
      ['snprintf', last, 5, text(200, 'xx'), 0],
      ['puts', -1],
      ['strlen', PAGE],
      ['memcpy', 0, last, 2],
      ['memmove', last, 0, 2],
      ['memset', last, 0, 2],
      ['memset', 0, 0, -1],
      ['memcmp', 0, last, 2],
      ['memchr', last, 0, 2],
      ['strcpy', last, text(200, 'xx')],
      ['strncpy', last, text(200, 'xx'), 2],
      ['strcmp', 0, PAGE + 9],
      ['strncmp', PAGE, 0, 1],
      ['strchr', PAGE, 0],
      ['strstr', 0, PAGE],
      ['strspn', 0, PAGE],
      ['strdup', PAGE],
      ['atoi', PAGE],
      ['bsearch', 0, 0, 1, 1, 0],
    ];
    for (const [name, ...args] of wrong) expect(() => call(name, ...args), name).toThrow(GuestFault);
  });

  it('strings that do not end are a fault only where their end is asked for', () => {
    const { call, memory } = libc();
    memory.bytes(PAGE - 4, 4).fill(0x61);
    expect(call('strncmp', PAGE - 4, PAGE - 4, 4)).toBe(0);
    expect(() => call('strncmp', PAGE - 4, PAGE - 4, 5)).toThrow(GuestFault);
    expect(() => call('strlen', PAGE - 4)).toThrow(/does not end in its memory/);
  });
});
