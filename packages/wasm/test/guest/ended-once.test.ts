import { describe, expect, it } from 'vitest';
import { EndedOnce } from '../../src/guest/ended-once.js';
import { GuestFault } from '../../src/guest-fault.js';

describe('EndedOnce', () => {
  it('a guest that has caught what ended it is ended by its next call, and when it returns', () => {
    const once = new EndedOnce();
    const fault = new GuestFault('did it');
    let calls = 0;
    const { host } = once.guard({
      host: {
        wrong: () => {
          throw fault;
        },
        right: (value: number) => {
          calls++;
          return value;
        },
      },
    });
    const right = host?.['right'] as (value: number) => number;
    expect(right(5)).toBe(5);
    expect(() => once.rethrow()).not.toThrow();
    expect(host?.['wrong']).toThrow(fault);
    expect(() => right(5)).toThrow(fault);
    expect(() => once.rethrow()).toThrow(fault);
    expect(calls).toBe(1);
  });
});
