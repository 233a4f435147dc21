import { programKind } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { PROGRAM_TYPES, programTypeOf } from '../../src/program-types/all.js';

describe('PROGRAM_TYPES', () => {
  it('PROGRAM_TYPES lists each prefix once, and only those that libbpf knows', () => {
    const prefixes = PROGRAM_TYPES.flatMap((row) => row.prefixes);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    // A bare prefix is itself a section's name, or the start of one.
    expect(prefixes.filter((prefix) => programKind(prefix)?.prefix !== prefix)).toEqual([]);
  });

  it('PROGRAM_TYPES shows sections that belong to its rows', () => {
    for (const row of PROGRAM_TYPES) {
      for (const section of row.sections.filter((name) => !name.startsWith('...'))) {
        const kind = programKind(section);
        expect([section, kind && programTypeOf(kind)?.name]).toEqual([section, row.name]);
      }
    }
  });

  it('programTypeOf() knows nothing of what ebpm does not attach', () => {
    expect(programTypeOf({ prefix: 'lwt_in' })).toBeUndefined();
    expect(programTypeOf({ prefix: 'freplace' })).toBeUndefined();
  });
});
