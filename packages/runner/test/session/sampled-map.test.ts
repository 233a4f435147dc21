import { describe, expect, it } from 'vitest';
import { sampledMaps, sampledPrinter } from '../../src/session/sampled-map.js';
import { severalPackage, structId } from '../several-package.js';

const sample = { interval: 1000 };
const single = { enable_multiple_export_types: false };

function namesOf(type: { readonly fields: readonly { readonly name: string; readonly type: object }[] }) {
  return type.fields.map(({ name, type: inner }) => [
    name,
    'fields' in inner ? (inner.fields as { name: string }[]).map((field) => field.name) : undefined,
  ]);
}

describe('sampledMaps()', () => {
  it('sampledMaps() types key and value by the definition of the map', () => {
    const [counts, hists] = sampledMaps(severalPackage({ counts: { sample }, hists: { sample } }, single), {
      perCpu: 'sum',
    });
    expect(counts).toMatchObject({ map: { name: 'counts' }, perCpu: true, sample });
    expect(namesOf(counts?.type ?? { fields: [] })).toEqual([
      ['key', ['unsigned int']],
      ['value', ['unsigned long long']],
    ]);
    expect(namesOf(hists?.type ?? { fields: [] })).toEqual([
      ['key', ['unsigned int']],
      ['value', ['slots', 'comm']],
    ]);
  });

  it('sampledMaps() adds the CPU to entries of per-CPU maps alone, and when it is asked to', () => {
    const pkg = severalPackage({ counts: { sample }, hists: { sample } }, single);
    const types = sampledMaps(pkg, { perCpu: 'split' }).map(({ type }) => type.fields.map(({ name }) => name));
    expect(types).toEqual([
      ['key', 'value', 'cpu'],
      ['key', 'value'],
    ]);
  });

  it('sampledMaps() takes the exported struct for values that have only a size', () => {
    const exported = {
      name: 'started',
      size: 20,
      type_id: structId('started'),
      members: [
        { name: 'pid', type: 'int' },
        { name: 'comm', type: 'char[16]' },
      ],
    };
    const [sizes] = sampledMaps(severalPackage({ sizes: { sample } }, { ...single, export_types: [exported] }), {
      perCpu: 'sum',
    });
    expect(namesOf(sizes?.type ?? { fields: [] })).toEqual([
      ['key', ['u32']],
      ['value', ['pid', 'comm']],
    ]);
  });

  it('sampledMaps() asks each map for its export_config where there are several types', () => {
    const maps = {
      counts: { sample },
      hists: { sample, export_config: 'default' as const },
      sizes: { sample, export_config: { btf_type_id: structId('ended') } },
    };
    const found = sampledMaps(severalPackage(maps), { perCpu: 'sum' });
    expect(found.map(({ map, type }) => [map.name, namesOf(type)[1]])).toEqual([
      ['hists', ['value', ['slots', 'comm']]],
      ['sizes', ['value', ['pid', 'code']]],
    ]);
  });

  it.each([
    ['a ring buffer, which has no entries', { starts: { sample } }],
    [
      'values that are shorter than their type',
      { counts: { sample, export_config: { btf_type_id: structId('hist') } } },
    ],
  ])('sampledMaps() refuses %s', (_, maps) => {
    const pkg = severalPackage(maps, 'counts' in maps ? {} : single);
    expect(() => sampledMaps(pkg, { perCpu: 'sum' })).toThrow(
      expect.objectContaining({ code: 'EBPM_PACKAGE_INCONSISTENT' }),
    );
  });
});

describe('sampledPrinter()', () => {
  const log2 = { ...sample, type: 'log2_hist' as const };
  const [counts] = sampledMaps(severalPackage({ counts: { sample: log2 } }, single), { perCpu: 'sum' });

  it('sampledPrinter() refuses a histogram of a value without slots in a table, and prints it as JSON', () => {
    if (counts === undefined) throw new Error('the fixture has no counts');
    expect(() => sampledPrinter(counts, 'table')).toThrow(expect.objectContaining({ code: 'EBPM_EVENT_TYPE_INVALID' }));
    expect(sampledPrinter(counts, 'json').header()).toBeUndefined();
  });
});
