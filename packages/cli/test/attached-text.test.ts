import { describe, expect, it } from 'vitest';
import { attachedText } from '../src/attached-text.js';

const PLACES = [{ name: 'sample', place: 'cpu-clock, 99 a second, 2 CPUs', note: undefined }];

describe('attachedText()', () => {
  it('attachedText() is one line when all is as it was asked for', () => {
    const attached = { programs: ['sample'], places: PLACES, skipped: [], identity: undefined };
    expect(attachedText('profile', attached)).toBe('profile: attached 1 program, Ctrl-C ends\n');
  });

  it('attachedText() says what is degraded, what took the place of something, and nothing that moves the cursor', () => {
    const skipped = [{ name: 'end', section: 'kprobe.multi/x*', reason: 'not \x1b[2J supported' }];
    const places = [{ name: 'sample', place: undefined, note: 'cpu-clock instead of cpu-cycles' }];
    expect(attachedText('x', { programs: ['sample', 'start'], places, skipped })).toBe(
      'sample: cpu-clock instead of cpu-cycles\n' +
        'DEGRADED: 1 of 3 programs of x not attached\n' +
        '  end (kprobe.multi/x*): not \\x1b[2J supported\n' +
        'x: attached 2 programs, Ctrl-C ends\n',
    );
    expect(attachedText('x', { programs: [], places: [], skipped })).toContain('DEGRADED: 1 of 1 program of x not');
  });
});
