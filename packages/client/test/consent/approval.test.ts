import { describe, expect, test } from 'vitest';
import { approve, unapproved } from '../../src/consent/approval.js';

const VERSIONS = { table: 2, facts: 1 };
const ASKED = { 'reads-user-memory': ['uprobe/a:f', 'uprobe/a:g'], 'sends-signals': ['perf_event'] };

describe('approve()', () => {
  test('approve() takes the classes that were chosen, and no other', () => {
    const approved = approve(ASKED, { classes: ['reads-user-memory', 'loads-bpf'], versions: VERSIONS });
    expect(approved).toEqual({ table: 2, facts: 1, classes: { 'reads-user-memory': ['uprobe/a:f', 'uprobe/a:g'] } });
    expect(approve(ASKED, { classes: ['loads-bpf'], versions: VERSIONS })).toBe(undefined);
    expect(approve(ASKED, { classes: [], versions: VERSIONS })).toBe(undefined);
  });

  test('approve() adds to what was agreed to before', () => {
    const before = { table: 1, facts: 1, classes: { 'sends-signals': ['tp/a'], 'loads-bpf': ['syscall'] } };
    expect(approve(ASKED, { classes: ['sends-signals'], versions: VERSIONS, before })).toEqual({
      table: 2,
      facts: 1,
      classes: { 'loads-bpf': ['syscall'], 'sends-signals': ['perf_event', 'tp/a'] },
    });
    expect(approve(ASKED, { classes: [], versions: VERSIONS, before })).toBe(before);
  });
});

describe('unapproved()', () => {
  test('unapproved() finds nothing where all targets of all classes were agreed to, here or there', () => {
    const [one, other] = ['reads-user-memory', 'sends-signals'].map((name) => {
      const approved = approve(ASKED, { classes: [name], versions: VERSIONS });
      if (approved === undefined) throw new Error('nothing was approved');
      return approved;
    });
    if (one === undefined || other === undefined) throw new Error('nothing was approved');
    expect(unapproved(ASKED, [one, other])).toEqual([]);
    expect(unapproved(ASKED, [one])).toEqual(['sends-signals']);
    expect(unapproved(ASKED, [])).toEqual(['reads-user-memory', 'sends-signals']);
  });

  test('unapproved() asks again where newer tables find a class or a target more in the same bytes', () => {
    const before = { classes: { 'reads-user-memory': ['uprobe/a:f'] } };
    expect(unapproved({ 'reads-user-memory': ['uprobe/a:f'] }, [before])).toEqual([]);
    expect(unapproved({ 'reads-user-memory': ['uprobe/a:f', 'uprobe/a:g'] }, [before])).toEqual(['reads-user-memory']);
    expect(unapproved({ 'reads-user-memory': ['uprobe/a:f'], 'loads-bpf': ['syscall'] }, [before])).toEqual([
      'loads-bpf',
    ]);
  });

  test('unapproved() takes no property of every object for a class', () => {
    expect(unapproved({ unclassified: ['x'] }, [{ classes: Object.create({ unclassified: ['x'] }) }])).toEqual([
      'unclassified',
    ]);
  });
});
