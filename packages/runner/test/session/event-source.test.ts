import { describe, expect, it } from 'vitest';
import { eventSource } from '../../src/session/event-source.js';
import { optionsPackage } from '../options-package.js';

describe('eventSource()', () => {
  it('finds the event map and its type', () => {
    expect(eventSource(optionsPackage())).toMatchObject({
      map: { name: 'events' },
      type: { name: 'event', sizeBytes: 20 },
      countsLosses: false,
    });
  });

  it('finds nothing in a package whose metadata names no event map', () => {
    expect(eventSource(optionsPackage({ bpf_skel: { maps: [] } }))).toBeUndefined();
  });

  it('passes the maps of data sections over', () => {
    expect(
      eventSource(optionsPackage({ bpf_skel: { maps: [{ name: 'options_.rodata', ident: 'rodata' }] } })),
    ).toBeUndefined();
  });

  const sample = { interval: 1000 };
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
    ['sampled maps', { bpf_skel: { maps: [{ name: 'events', ident: 'events', sample }] } }, 'EBPM_RUN_UNSUPPORTED'],
    ['several types', { enable_multiple_export_types: true }, 'EBPM_RUN_UNSUPPORTED'],
  ])('refuses %s', (_, change, code) => {
    expect(() => eventSource(optionsPackage(change))).toThrow(expect.objectContaining({ code }));
  });
});
