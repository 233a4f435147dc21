import { describe, expect, it } from 'vitest';
import { eventSources } from '../../src/session/event-source.js';
import { optionsPackage } from '../options-package.js';
import { severalPackage, structId } from '../several-package.js';

describe('eventSources()', () => {
  it('eventSources() finds the event map and its type', () => {
    expect(eventSources(optionsPackage())).toMatchObject([
      { map: { name: 'events' }, type: { name: 'event', sizeBytes: 20 }, countsLosses: false },
    ]);
  });

  it('eventSources() finds nothing in a package whose metadata names no event map', () => {
    expect(eventSources(optionsPackage({ bpf_skel: { maps: [] } }))).toEqual([]);
  });

  it('eventSources() passes the maps of data sections over', () => {
    const maps = [{ name: 'options_.rodata', ident: 'rodata' }];
    expect(eventSources(optionsPackage({ bpf_skel: { maps } }))).toEqual([]);
  });

  const other = { name: 'other', size: 4, type_id: 1, members: [] };
  const [event] = optionsPackage().meta.export_types;
  it.each([
    ['no event type', { export_types: [] }, 'EBPM_EVENT_TYPE_MISSING'],
    ['a map that is not there', { bpf_skel: { maps: [{ name: 'x', ident: 'x' }] } }, 'EBPM_PACKAGE_INCONSISTENT'],
    ['a type that is no struct of that name', { export_types: [other] }, 'EBPM_PACKAGE_INCONSISTENT'],
    ['a type id beyond the end', { export_types: [{ ...other, type_id: 4_000_000 }] }, 'EBPM_PACKAGE_INCONSISTENT'],
    [
      'another number of members',
      { export_types: event ? [{ ...event, members: [] }] : [] },
      'EBPM_PACKAGE_INCONSISTENT',
    ],
  ])('eventSources() refuses %s', (_, change, code) => {
    expect(() => eventSources(optionsPackage(change))).toThrow(expect.objectContaining({ code }));
  });

  describe('with several export types', () => {
    const started = { export_config: { btf_type_id: structId('started') } };

    it('eventSources() gives each map that exports events, with its own type', () => {
      const custom_members = [{ name: 'status', offset: 4, btf_type_id: 0 }].map((member) => ({
        ...member,
        btf_type_id: structId('ended'),
      }));
      const maps = { starts: started, ends: { export_config: { custom_members } }, counts: {} };
      expect(eventSources(severalPackage(maps))).toMatchObject([
        { map: { name: 'starts' }, type: { name: 'started', sizeBytes: 20 }, countsLosses: false },
        { map: { name: 'ends' }, type: { name: 'ends', sizeBytes: 12 }, countsLosses: true },
      ]);
    });

    it('eventSources() leaves maps out that export nothing', () => {
      expect(eventSources(severalPackage({ starts: { export_config: 'no_export' }, ends: {} }))).toEqual([]);
    });

    it.each([
      ['a type that is not there', { btf_type_id: 4_000_000 }, 'EBPM_PACKAGE_INCONSISTENT'],
      ['void', { btf_type_id: 0 }, 'EBPM_PACKAGE_INCONSISTENT'],
      ['default, which says no type', 'default' as const, 'EBPM_EVENT_TYPE_MISSING'],
      ['parts of no type', { custom_members: [{ name: 'x', offset: 0, btf_type_id: 0 }] }, 'EBPM_EVENT_TYPE_INVALID'],
    ])('eventSources() refuses %s', (_, export_config, code) => {
      const pkg = severalPackage({ starts: { export_config } });
      expect(() => eventSources(pkg)).toThrow(expect.objectContaining({ code }));
    });
  });
});
