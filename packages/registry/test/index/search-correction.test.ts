import { describe, expect, it } from 'vitest';
import { oneEditFrom } from '../../src/index/search-correction.js';

describe('oneEditFrom()', () => {
  it.each(['tcpconect', 'tcpconnnect', 'tcpconnecr', 'tcpconnetc', 'cpconnect', 'xtcpconnect'])(
    'comes from %s to tcpconnect',
    (typed) => {
      expect(oneEditFrom(typed)).toContain('tcpconnect');
    },
  );

  it('gives each text once, and not the word itself', () => {
    const edits = oneEditFrom('aab');
    expect(new Set(edits).size).toBe(edits.length);
    expect(edits).not.toContain('aab');
    expect(edits).not.toContain('tcp');
  });
});
