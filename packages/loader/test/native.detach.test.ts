import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { compileObject } from './compile-fixture.js';
import { hasNativeKernel, programsNamed } from './native-kernel.js';
import { openTraced } from './open-traced.js';
import { Sender } from './sender.js';

describe.skipIf(!hasNativeKernel)('detachLater()', () => {
  let bytes: Uint8Array;
  let sender: Sender;
  beforeAll(async () => {
    bytes = compileObject('events');
    sender = await Sender.start();
  });
  afterAll(() => sender.stop());

  it('detachLater() keeps the events that came before it, and the program is gone a moment later', async () => {
    const running = openTraced(bytes, 'to_ring', sender).load().attach();
    await sender.send(500);
    running.detachLater();
    const consumer = running.consume('ring', () => {});
    running.close();

    expect(consumer.received).toBe(500);
    await vi.waitFor(() => expect(programsNamed('to_ring')).toBe(0), 5000);
  });

  it('detachLater() may be called twice, and after detach()', async () => {
    const running = openTraced(bytes, 'to_ring', sender).load().attach();
    running.detach();
    running.detachLater();
    running.detachLater();
    running.close();
    await vi.waitFor(() => expect(programsNamed('to_ring')).toBe(0), 5000);
  });
});
