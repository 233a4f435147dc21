import { describe, expect, it } from 'vitest';
import { type OutputFlagValues, outputRequest, outputWords } from '../src/output-request.js';

const NONE: OutputFlagValues = { json: false, numeric: false };

describe('outputRequest()', () => {
  it('outputRequest() asks for a table when nothing is said, and --json is --output json', () => {
    expect(outputRequest(NONE)).toMatchObject({ kind: 'table', columns: undefined, filter: undefined, numeric: false });
    expect(outputRequest({ ...NONE, json: true })).toMatchObject({ kind: 'json' });
    expect(outputRequest({ ...NONE, output: 'csv' })).toMatchObject({ kind: 'csv' });
  });

  it.each([
    ['pid', undefined, { field: 'pid', descending: false }],
    ['pid', 3, { field: 'pid', descending: true }],
    ['pid:asc', 3, { field: 'pid', descending: false }],
    ['value.count:desc', undefined, { field: 'value.count', descending: true }],
    ['pid:down', undefined, { field: 'pid:down', descending: false }],
  ])('outputRequest() reads --sort %s with --top %s', (sort, top, expected) => {
    expect(outputRequest({ ...NONE, sort, top })).toMatchObject({ sort: expected, top });
  });

  it('outputRequest() takes spaces between columns', () => {
    expect(outputRequest({ ...NONE, columns: 'pid, inner.x' }).columns).toEqual(['pid', 'inner.x']);
  });

  it.each([
    [{ top: 3 }, 'Cannot use --top: it needs to know by what'],
    [{ interval: 3 }, 'Cannot use --interval: only sorted events are collected'],
    [{ columns: 'pid', output: 'hex' as const }, 'Cannot use --columns: hex shows whole events'],
  ])('outputRequest() refuses %j', (flags, message) => {
    expect(() => outputRequest({ ...NONE, ...flags })).toThrow(
      expect.objectContaining({ code: 'EBPM_USAGE_INVALID', message }),
    );
  });
});

describe('outputWords()', () => {
  it('outputWords() asks for the same again', () => {
    const request = outputRequest({
      output: 'csv',
      json: false,
      columns: 'pid,-x',
      filter: '-1 < ret && comm == "a b"',
      sort: 'pid',
      top: 5,
      interval: 1_500,
      timestamp: 'utc',
      numeric: true,
    });
    expect(outputWords(request)).toEqual([
      '--output=csv',
      '--columns=pid,-x',
      '--filter=-1 < ret && comm == "a b"',
      '--sort=pid:desc',
      '--top=5',
      '--interval=1500ms',
      '--timestamp=utc',
      '--numeric',
    ]);
    expect(outputWords(outputRequest(NONE))).toEqual(['--output=table']);
  });
});
