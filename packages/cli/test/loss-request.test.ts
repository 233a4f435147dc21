import { expect, it } from 'vitest';
import { parseShare } from '../src/loss-flags.js';
import { formatShare, lossArguments, lossRequest } from '../src/loss-request.js';

it('lossRequest() makes --strict ask for an exact ledger, unless another was typed', () => {
  const flags = { ledger: undefined, strict: true, stats: false, budget: undefined };
  expect(lossRequest(flags).ledger).toBe('exact');
  expect(lossRequest({ ...flags, ledger: 'plain' }).ledger).toBe('plain');
  expect(lossRequest({ ...flags, strict: false }).ledger).toBe('plain');
});

it('lossArguments() are the flags that ask for the same', () => {
  const request = { ledger: 'exact', strict: true, stats: true, budget: 0.01 } as const;
  expect(lossArguments(request)).toEqual(['--ledger', 'exact', '--strict', '--stats', '--budget', '1%']);
});

it.each(['0.0000001%', '0.0001%', '0.07%', '1%', '29%', '100%'])('formatShare() gives %s back', (text) => {
  expect(formatShare(parseShare(text))).toBe(text);
});
