import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuestFault } from '../../src/guest-fault.js';
import { MAX_EMITTED_BYTES, MAX_GUEST_NAME_BYTES, MAX_TARGET_BYTES } from '../../src/limits.js';
import { PAGE, WasmBpfGuest } from './wasm-bpf-guest.js';

/** What a guest of wasm-bpf is given where it gives what it should not; none of it comes as far as a kernel. */
const [EPERM, ENOENT, E2BIG, EBADF, EINVAL] = [-1, -2, -7, -9, -22];
const NOWHERE = PAGE - 2;
const [NAME, TARGET, KEY, ROOM] = [1024, 2048, 3072, 4096];
const LOOKUP = 1;
const GET_NEXT_KEY = 4;

let guest: WasmBpfGuest;
let object: bigint;
beforeEach(() => start());
afterEach(() => guest.close());

function start(options: ConstructorParameters<typeof WasmBpfGuest>[0] = {}): void {
  guest?.close();
  guest = new WasmBpfGuest({ goCallback: () => 0, ...options });
  object = guest.load();
}

const call = (name: string, ...args: readonly (number | bigint)[]) => guest.call('wasm_bpf', name, ...args);
const mapOf = (name: string) => Number(call('wasm_bpf_map_fd_by_name', object, guest.put(NAME, name)));

describe('wasm_attach_bpf_program()', () => {
  it('wasm_attach_bpf_program() ends a guest that gives a target which is not in its memory, or has no end', () => {
    const name = guest.put(NAME, 'program');
    for (const target of [PAGE, -1]) {
      expect(() => call('wasm_attach_bpf_program', object, name, target)).toThrow(GuestFault);
    }
    guest.put(TARGET, new Uint8Array(MAX_TARGET_BYTES + 1).fill(120));
    expect(() => call('wasm_attach_bpf_program', object, name, TARGET)).toThrow(
      `gave a text at ${TARGET} that does not end within ${MAX_TARGET_BYTES} bytes`,
    );
  });

  it('wasm_attach_bpf_program() and its sister give what the broker refuses it with, and say why', () => {
    const name = guest.put(NAME, 'program');
    const target = guest.put(TARGET, 'eth9');
    const refused = { code: 'EBPM_ATTACH_TARGET_MISSING', message: 'no eth9' };
    guest.answer({ refused: { ...refused, errno: 19 } });
    expect(call('wasm_attach_bpf_program', object, name, target)).toBe(-19);
    guest.answer({ refused });
    expect(call('wasm_attach_bpf_program_fd', object, name, 7)).toBe(EPERM);
    expect(guest.asked()).toEqual([
      { call: 'attach', object: 1, program: 'program', target: 'eth9' },
      { call: 'attach', object: 1, program: 'program', folder: null },
    ]);
    expect(guest.told).toEqual(['no eth9', 'no eth9']);
  });
});

describe('wasm_bpf_map_fd_by_name()', () => {
  it('wasm_bpf_map_fd_by_name() ends a guest that gives a name which is not in its memory, or has no end', () => {
    for (const name of [PAGE, -1]) expect(() => call('wasm_bpf_map_fd_by_name', object, name)).toThrow(GuestFault);
    guest.put(NAME, new Uint8Array(MAX_GUEST_NAME_BYTES + 1).fill(120));
    expect(() => call('wasm_bpf_map_fd_by_name', object, NAME)).toThrow('that does not end within 255 bytes');
  });

  it('wasm_bpf_map_fd_by_name() finds the map of a data section by the name that it has, and by its section', () => {
    expect(mapOf('.rodata')).toBe(mapOf('guest.rodata'));
    expect(mapOf('.rodata')).toBeGreaterThan(2);
    expect(mapOf('.bss')).toBe(-1);
    expect(mapOf('rodata')).toBe(-1);
    expect(call('wasm_bpf_map_fd_by_name', 77n, guest.put(NAME, '.rodata'))).toBe(-1);
  });
});

describe('the poll of callback-wrapper', () => {
  const poll = (handle: bigint, map: number, data = ROOM, size = 64) =>
    guest.call('callback-wrapper', 'wasm_bpf_buffer_poll', handle, map, 0, data, size, 0);

  it('the poll of callback-wrapper gives the same errors as that of wasm_bpf', () => {
    const events = mapOf('events');
    expect(poll(77n, events)).toBe(EPERM);
    expect(poll(object, 5)).toBe(ENOENT);
    expect(poll(object, mapOf('counts'))).toBe(EINVAL);
    const other = guest.load();
    expect(poll(other, events)).toBe(ENOENT);
    expect(poll(object, events)).toBe(0);
  });

  it('the poll of callback-wrapper gives what go-callback returns where that is negative, and leaves the rest', () => {
    const results = [0, -5, 0, 0];
    start({ goCallback: () => results.shift() });
    const events = mapOf('events');
    guest.object?.send([1, 2, 3, 4].map((value) => Uint8Array.of(value)));
    expect(poll(object, events)).toBe(-5);
    expect(poll(object, events)).toBe(2);
    expect(poll(object, events)).toBe(0);
  });

  it.each<[string, unknown, string]>([
    ['no go-callback', undefined, 'exports no go-callback'],
    ['a go-callback that is no function', 7, 'exports no go-callback'],
    ['a go-callback that gives an i64', () => 1n, 'returns no i32'],
    ['a go-callback that gives nothing', () => undefined, 'returns no i32'],
  ])('the poll of callback-wrapper ends a guest with %s', (_, goCallback, message) => {
    start({ goCallback });
    guest.object?.send([Uint8Array.of(1)]);
    expect(() => poll(object, mapOf('events'))).toThrow(message);
  });

  it('the poll of callback-wrapper ends a guest that wants samples behind its memory', () => {
    expect(() => poll(object, mapOf('events'), NOWHERE)).toThrow(`named 64 bytes at ${NOWHERE}`);
    expect(() => poll(object, mapOf('events'), ROOM, -1)).toThrow(GuestFault);
  });
});

describe('wasm_bpf_map_operate()', () => {
  it.each([
    ['the next key', GET_NEXT_KEY, [KEY, 0, NOWHERE], `named 4 bytes at ${NOWHERE}`],
    ['the key that it goes on from', GET_NEXT_KEY, [NOWHERE, 0, KEY], `named 4 bytes at ${NOWHERE}`],
    ['the next key of the first', GET_NEXT_KEY, [0, 0, NOWHERE], `named 4 bytes at ${NOWHERE}`],
    ['a key', LOOKUP, [NOWHERE, KEY, 0], `named 4 bytes at ${NOWHERE}`],
    ['a value', LOOKUP, [KEY, NOWHERE, 0], `named 8 bytes at ${NOWHERE}`],
  ])('wasm_bpf_map_operate() ends a guest that has %s behind its memory', (_, command, pointers, message) => {
    expect(() => call('wasm_bpf_map_operate', mapOf('counts'), command, ...pointers, 0n)).toThrow(message);
  });
});

describe('ebpm.emit()', () => {
  const emit = (handle: bigint, size: number) =>
    guest.call('ebpm', 'emit', handle, guest.put(NAME, 'event'), ROOM, size);

  it('ebpm.emit() takes no record of more than 1 MiB, and looks at the object first', () => {
    expect(emit(object, MAX_EMITTED_BYTES + 1)).toBe(E2BIG);
    expect(emit(object, -1)).toBe(E2BIG);
    expect(emit(77n, MAX_EMITTED_BYTES + 1)).toBe(EBADF);
    // One that is not too large must be there.
    expect(() => emit(object, MAX_EMITTED_BYTES)).toThrow(GuestFault);
  });
});

describe('ebpm.possible_cpus()', () => {
  it('ebpm.possible_cpus() gives the number of processors that the broker has counted', () => {
    start({ possibleCpus: 12 });
    expect(guest.call('ebpm', 'possible_cpus')).toBe(12);
  });
});
