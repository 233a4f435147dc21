import { EbpmError } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { parseAllow, parseRunAllow } from '../../src/consent/allow.js';

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

describe('parseRunAllow()', () => {
  it('parseRunAllow() reads classes, and what is given to a WASM module', async () => {
    expect(await parseRunAllow(['sends-signals,wasi:env', 'wasi:dir=/etc'])).toEqual({
      allow: ['sends-signals'],
      wasiAllow: [
        { kind: 'env', name: undefined },
        { kind: 'folder', path: '/etc', writable: false },
      ],
    });
    expect(await parseRunAllow([])).toEqual({ allow: [], wasiAllow: [] });
  });

  it.each(['wasi:all', 'wasi:', 'wasi:dir=', 'all', 'wasi:env,all', ''])(
    'parseRunAllow() refuses %j, and names what there is',
    async (text) => {
      await expect(parseRunAllow([text])).rejects.toMatchObject({
        code: 'EBPM_USAGE_INVALID',
        hint: expect.stringMatching(/wasi:write=PATH|drops-or-redirects-packets/),
      });
    },
  );

  it('what installs and checks gives nothing to modules', () => {
    expect(refusalOf(() => parseAllow('wasi:env'))).toMatchObject({ code: 'EBPM_USAGE_INVALID' });
  });
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
