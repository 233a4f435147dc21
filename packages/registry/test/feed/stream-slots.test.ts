import { describe, expect, it } from 'vitest';
import { StreamSlots } from '../../src/feed/stream-slots.js';
import { refused } from '../refused.js';

describe('StreamSlots', () => {
  it('gives as many as there are, and those again that came back', () => {
    const slots = new StreamSlots(2);
    const giveBack = slots.take();
    slots.take();
    expect(() => slots.take()).toThrow(refused('EBPM_REGISTRY_OVERLOADED', '2 streams') as Error);
    giveBack();
    slots.take();
    expect(() => slots.take()).toThrow();
  });
});
