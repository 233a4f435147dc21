import { describe, expect, it } from 'vitest';
import { engine } from '../src/engine.js';
import { GuestFault } from '../src/guest-fault.js';
import { GuestMemory } from '../src/guest-memory.js';

const PAGE = 65536;

function memory(pages = 1) {
  const own = new engine.Memory({ initial: pages });
  const guest = new GuestMemory();
  guest.bind(own);
  return { own, guest };
}

describe('GuestMemory', () => {
  it('bytes() gives a view of the last byte, and refuses one more', () => {
    const { guest } = memory();
    expect(guest.bytes(PAGE - 1, 1)).toHaveLength(1);
    expect(() => guest.bytes(PAGE - 1, 2)).toThrow(GuestFault);
    expect(guest.bytes(PAGE, 0)).toHaveLength(0);
  });

  it.each([
    [-1, 1],
    [0, -1],
    [-1, -1],
    [PAGE + 1, 0],
    [16, 0x7fffffff],
  ])('bytes() refuses %i and %i, which i32 makes of large numbers', (pointer, length) => {
    const { guest } = memory();
    expect(() => guest.bytes(pointer, length)).toThrow(GuestFault);
  });

  it('text() ends at NUL, and refuses a text that has none or is too long', () => {
    const { guest } = memory();
    guest.write(8, Buffer.from('sockops\0'));
    expect(guest.text(8, 63)).toBe('sockops');
    expect(guest.text(8, 7)).toBe('sockops');
    expect(() => guest.text(8, 6)).toThrow(GuestFault);
    guest.write(PAGE - 3, Buffer.from('end'));
    expect(() => guest.text(PAGE - 3, 63)).toThrow(/does not end/);
  });

  it('numbers are little-endian, wherever they lie', () => {
    const { guest } = memory();
    guest.setU32(3, 0xfffffffe);
    expect(guest.u32(3)).toBe(0xfffffffe);
    expect([...guest.bytes(3, 4)]).toEqual([0xfe, 0xff, 0xff, 0xff]);
    guest.setU64(PAGE - 8, 1n);
    expect(() => guest.setU64(PAGE - 7, 1n)).toThrow(GuestFault);
    expect(() => guest.u32(PAGE - 3)).toThrow(GuestFault);
  });

  it('follows the memory when it has grown', () => {
    const { own, guest } = memory();
    expect(() => guest.bytes(PAGE, 1)).toThrow(GuestFault);
    own.grow(1);
    expect(guest.bytes(PAGE, 1)).toHaveLength(1);
  });

  it('a call before there is a memory is the guest’s fault', () => {
    expect(() => new GuestMemory().bytes(0, 1)).toThrow(GuestFault);
  });
});
