import type { RecordType } from '@ebpm/events';
import { describe, expect, it } from 'vitest';
import { checkStackOptions } from '../../src/session/stack-output.js';
import type { StreamOptions } from '../../src/session/stream.js';

const REST: RecordType = {
  name: 'event',
  sizeBytes: 4,
  fields: [{ name: 'pid', offsetBytes: 0, typeName: 'int', type: { kind: 'int', sizeBytes: 4, signed: true } }],
};
const SORT = { field: 'pid', descending: true };

function check(printing: StreamOptions['printing'], more: Partial<StreamOptions> = {}): () => void {
  return () =>
    checkStackOptions('counts', REST, { output: 'table', printing, foldStacks: false, perCpu: 'sum', ...more });
}

describe('checkStackOptions()', () => {
  it('checkStackOptions() takes a filter and an order, and columns for JSON', () => {
    expect(check({ filter: 'pid == 1', sort: SORT, top: 3 })).not.toThrow();
    expect(check({ columns: ['pid'] }, { output: 'json' })).not.toThrow();
    expect(check({ sort: SORT }, { foldStacks: true })).not.toThrow();
  });

  it.each<[string, () => void, string]>([
    ['columns of what is shown whole', check({ columns: ['pid'] }), 'EBPM_STACKS_WHOLE'],
    ['sums of the first stacks only', check({ sort: SORT, top: 3 }, { foldStacks: true }), 'EBPM_STACKS_WHOLE'],
    ['a field that is not there', check({ sort: { ...SORT, field: 'uid' } }), 'EBPM_FIELD_UNKNOWN'],
    ['a filter that makes no sense', check({ filter: 'uid' }), 'EBPM_FILTER_INVALID'],
  ])('checkStackOptions() refuses %s before anything is loaded', (_what, action, code) => {
    expect(action).toThrow(expect.objectContaining({ code }));
  });
});
