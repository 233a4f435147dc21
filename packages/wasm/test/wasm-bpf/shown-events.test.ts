import { afterEach, describe, expect, it } from 'vitest';
import { compileFixture } from '../../../../test/support/compile-fixture.js';
import { GuestStop } from '../../src/guest/guest-stop.js';
import { GuestExit } from '../../src/guest-exit.js';
import { WasmBpfGuest, type WasmBpfGuestOptions } from './wasm-bpf-guest.js';

const OBJECT = compileFixture(new URL('fixtures/event.bpf.c', import.meta.url));
const [NAME, RECORD, ROOM] = [1024, 2048, 4096];
const ROOM_BYTES = 64;

let guest: WasmBpfGuest;
afterEach(() => guest.close());

function run(options: WasmBpfGuestOptions) {
  guest = new WasmBpfGuest(options);
  const object = guest.load(OBJECT);
  const map = guest.call('wasm_bpf', 'wasm_bpf_map_fd_by_name', object, guest.put(NAME, 'events'));
  return {
    emit: (number: number) => {
      const record = guest.put(RECORD, new Uint8Array(Uint32Array.of(number, number ** 2).buffer));
      return guest.call('ebpm', 'emit', object, guest.put(NAME, 'event'), record, 8);
    },
    poll: () => guest.call('callback-wrapper', 'wasm_bpf_buffer_poll', object, map, 0, ROOM, ROOM_BYTES, 0),
    send: (...numbers: readonly number[]) => guest.object?.send(numbers.map((number) => Uint8Array.of(number))),
  };
}

/** Why it was unwound. */
function reasonOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof GuestStop) return error.reason;
    throw error;
  }
  return undefined;
}

describe('ShownEvents', () => {
  it('ShownEvents counts the records that a guest emits, whatever it was given, and ends it behind the last', () => {
    const { emit, poll, send } = run({ emits: true, maxEvents: 2, goCallback: () => 0 });
    send(1, 2, 3, 4, 5);
    expect(poll()).toBe(5);
    expect(emit(3)).toBe(0);
    expect(poll()).toBe(0);
    expect(reasonOf(() => emit(4))).toBe('enough');
    expect(guest.stdout).toBe('{"number":3,"square":9}\n{"number":4,"square":16}\n');
    expect(guest.shown.count).toBe(2);
  });

  it('ShownEvents leaves out what a filter hides', () => {
    const { emit } = run({ emits: true, maxEvents: 1, printing: { filter: 'number > 5' } });
    expect(emit(5)).toBe(0);
    expect(guest.shown.count).toBe(0);
    expect(reasonOf(() => emit(6))).toBe('enough');
    expect(guest.stdout).toBe('{"number":6,"square":36}\n');
  });

  it('ShownEvents counts sorted records when their block is printed, and no block has more than are wanted', () => {
    const sort = { field: 'number', descending: false };
    const { emit } = run({ emits: true, maxEvents: 2, printing: { sort, intervalMs: 60_000 } });
    for (const number of [3, 1, 2]) expect(emit(number)).toBe(0);
    expect(guest.shown.count).toBe(0);
    guest.emitter.close();
    expect(guest.stdout).toBe('{"number":1,"square":1}\n{"number":2,"square":4}\n');
    expect(guest.shown.count).toBe(2);
  });

  it('ShownEvents counts what a guest that prints by itself was given, and ends it when it polls again', () => {
    const given: number[] = [];
    const goCallback = (_: number, data: number) => {
      given.push(guest.memory.u32(data) & 0xff);
      return 0;
    };
    const { poll, send } = run({ maxEvents: 3, goCallback });
    send(1, 2);
    send(3, 4, 5);
    expect(poll()).toBe(2);
    expect(poll()).toBe(1);
    // It may print now what it has made of them.
    expect(reasonOf(poll)).toBe('enough');
    expect(given).toEqual([1, 2, 3]);
    expect(guest.shown.count).toBe(3);
  });

  it('ShownEvents counts the event that a guest ends itself with', () => {
    const goCallback = () => {
      throw new GuestExit(4);
    };
    const { poll, send } = run({ goCallback });
    send(1, 2);
    expect(poll).toThrow(GuestExit);
    expect(guest.shown.count).toBe(1);
  });
});
