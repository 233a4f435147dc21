import { describe, expect, it } from 'vitest';
import { ByteBudget } from '../../src/http/byte-budget.js';

describe('ByteBudget', () => {
  it('refuses with EBPM_REGISTRY_BUSY what does not fit, and takes it once something was given back', () => {
    const budget = new ByteBudget(100);
    const giveBack = budget.take(60);
    expect(() => budget.take(41)).toThrow(expect.objectContaining({ code: 'EBPM_REGISTRY_BUSY' }));
    giveBack();
    giveBack();
    expect(budget.takenBytes).toBe(0);
    expect(budget.take(100)).toBeTypeOf('function');
  });
});
