import { describe, expect, it } from 'vitest';
import { UploadMemory } from '../../src/http/upload-memory.js';
import { FakeClock } from '../log/fake-clock.js';

const MIB = 1024 * 1024;

function open() {
  const clock = new FakeClock();
  return { clock, uploads: new UploadMemory(clock) };
}

describe('UploadMemory', () => {
  it('gives memory of the size that was asked for, whatever it was before', () => {
    const { uploads } = open();
    const first = uploads.take(3 * MIB).fill('x');
    uploads.giveBack(first);
    const second = uploads.take(2 * MIB + 1);
    expect(second.buffer).toBe(first.buffer);
    expect(second.length).toBe(2 * MIB + 1);
    expect(uploads.freeBytes).toBe(0);
  });

  it.each([
    ['small', 64 * 1024, ArrayBuffer],
    ['middling', MIB, SharedArrayBuffer],
  ])('uses memory for %s bodies once', (_, sizeBytes, kind) => {
    const { uploads } = open();
    const body = uploads.take(sizeBytes);
    expect(body.buffer).toBeInstanceOf(kind);
    expect(body.buffer.byteLength).toBe(sizeBytes);
    uploads.giveBack(body);
    expect(uploads.freeBytes).toBe(0);
  });

  it('does not give out memory that is in use, nor any that is too small', () => {
    const { uploads } = open();
    const [one, two] = [uploads.take(2 * MIB), uploads.take(2 * MIB)];
    expect(one.buffer).not.toBe(two.buffer);
    uploads.giveBack(one);
    expect(uploads.take(5 * MIB).buffer).not.toBe(one.buffer);
    expect(uploads.freeBytes).toBe(2 * MIB);
  });

  it('keeps 80 MiB, of what was given back last', () => {
    const { uploads } = open();
    const bodies = Array.from({ length: 5 }, () => uploads.take(20 * MIB));
    for (const body of bodies) uploads.giveBack(body);
    expect(uploads.freeBytes).toBe(80 * MIB);
    expect(uploads.take(20 * MIB).buffer).toBe(bodies[4]?.buffer);
  });

  it('drops a piece at once, and no piece of what others use', () => {
    const { uploads } = open();
    const own = Buffer.allocUnsafeSlow(100);
    const shared = Buffer.alloc(100, 'x').subarray(10);
    for (const piece of [own, own, shared]) uploads.drop(piece);
    expect([own.length, own.buffer.byteLength]).toEqual([0, 0]);
    expect(shared.toString()).toBe('x'.repeat(90));
  });

  it('forgets it after a minute, and when it is closed', async () => {
    const { uploads, clock } = open();
    uploads.giveBack(uploads.take(20 * MIB));
    await clock.advance(59_000);
    expect(uploads.freeBytes).toBe(20 * MIB);
    await clock.advance(1_000);
    expect(uploads.freeBytes).toBe(0);
    uploads.giveBack(uploads.take(20 * MIB));
    uploads.close();
    await clock.advance(0);
    expect(uploads.freeBytes).toBe(0);
  });
});
