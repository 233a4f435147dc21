import type { NamedSpec } from '@ebpm/client/installed';
import { parseSpec } from '@ebpm/formats';
import { expect, it } from 'vitest';
import { asksRegistry } from '../src/asks-registry.js';

it.each([
  ['sigsnoop', false, false],
  ['@acme/x', false, false],
  ['sigsnoop@latest', true, true],
  ['@acme/x@next', true, true],
  ['sigsnoop@^1', false, true],
  ['sigsnoop@*', false, true],
  ['sigsnoop@1', false, true],
  ['sigsnoop@=1.0.0', false, true],
  ['sigsnoop@1.0.0', false, false],
  ['sigsnoop@1.0.0-rc.1', false, false],
])('asksRegistry() of %s: where something runs %s, where somebody looks %s', (text, runs, looks) => {
  const spec = parseSpec(text) as NamedSpec;
  expect([asksRegistry(spec, text, 'tags'), asksRegistry(spec, text, 'tags-and-ranges')]).toEqual([runs, looks]);
});
