import { digestOf } from '@ebpm/formats';
import { expect, it } from 'vitest';
import type { NamedInput } from '../src/package-source.js';
import { formatSubject, subjectOf } from '../src/subject.js';

const bytes = Buffer.from('bytes');
const digest = digestOf(Buffer.from('an archive'));
const installed = { name: 'x', version: '1.0.0', registry: 'https://hub.example', digest, installedAt: '2026-01-01' };

it.each<[string, NamedInput, string]>([
  ['./x.json', { bytes, source: './x.json', from: 'file' }, `./x.json (file), ${digestOf(bytes)}`],
  ['-', { bytes, source: '-', from: 'stdin' }, `- (stdin), ${digestOf(bytes)}`],
  ['x', { bytes, source: 'x', from: 'installed', installed }, `x@1.0.0 (installed), ${digest}`],
  ['x@^1', { bytes, source: 'x', from: 'registry', installed }, `x@1.0.0 (registry https://hub.example), ${digest}`],
])('formatSubject() says what %s turned out to be', (spec, input, text) => {
  const subject = subjectOf(spec, input);
  expect(formatSubject(subject)).toBe(text);
  expect(subject).toMatchObject({ spec, from: input.from });
});
