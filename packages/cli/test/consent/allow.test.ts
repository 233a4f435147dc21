import { EbpmError } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { parseAllow } from '../../src/consent/allow.js';

describe('parseAllow()', () => {
  it('parseAllow() reads names of classes that are asked for, and what nobody can say', () => {
    expect(parseAllow('reads-user-memory')).toEqual(['reads-user-memory']);
    expect(parseAllow('sends-signals, unclassified')).toEqual(['sends-signals', 'unclassified']);
  });

  it.each(['', 'all', '*', 'sends-signals,', 'SENDS-SIGNALS', 'sees-file-paths', 'reads-user-memory;loads-bpf'])(
    'parseAllow() refuses %j, and names what there is',
    (text) => {
      const refusal = refusalOf(() => parseAllow(text));
      expect(refusal).toMatchObject({ code: 'EBPM_USAGE_INVALID' });
      expect(refusal.hint).toContain('drops-or-redirects-packets');
    },
  );
});

function refusalOf(action: () => unknown): EbpmError {
  try {
    action();
  } catch (error) {
    if (error instanceof EbpmError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
