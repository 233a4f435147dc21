import { digestOf } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { keptJudgement, TABLE_VERSIONS } from '../../src/consent/kept-judgement.js';

const KEPT = {
  ...TABLE_VERSIONS,
  object: digestOf(Buffer.from('object')),
  classes: ['reads-user-memory', 'sees-file-paths'],
  asks: { 'reads-user-memory': ['uprobe/a:f'] },
};

describe('keptJudgement()', () => {
  test('keptJudgement() takes what was kept by the same tables', () => {
    expect(keptJudgement(JSON.parse(JSON.stringify(KEPT)))).toEqual(KEPT);
    expect(keptJudgement({ ...KEPT, classes: [], asks: {} })).toEqual({ ...KEPT, classes: [], asks: {} });
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'asks nothing'],
    ['older tables', { ...KEPT, table: TABLE_VERSIONS.table - 1 }],
    ['newer facts', { ...KEPT, facts: TABLE_VERSIONS.facts + 1 }],
    ['no digest', { ...KEPT, object: 'sha256:0' }],
    ['a class that nobody knows', { ...KEPT, classes: ['reads-minds'] }],
    ['classes that are none', { ...KEPT, classes: 'reads-user-memory' }],
    ['no asks', { ...KEPT, asks: undefined }],
    ['a list of asks', { ...KEPT, asks: [] }],
    ['an ask for what is not asked for', { ...KEPT, asks: { 'sees-file-paths': ['x'] } }],
    ['an ask without targets', { ...KEPT, asks: { 'reads-user-memory': [] } }],
    ['a target that is no text', { ...KEPT, asks: { 'reads-user-memory': [1] } }],
  ])('keptJudgement() has it judged again where there is %s', (_, value) => {
    expect(keptJudgement(value)).toBe(undefined);
  });
});
