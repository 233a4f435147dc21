import { Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import Run from '../src/commands/run.js';
import { NO_RUN_FLAGS } from '../src/run-package.js';

describe('NO_RUN_FLAGS', () => {
  it('NO_RUN_FLAGS is what oclif makes of a command line without flags', async () => {
    const { flags } = await Parser.parse(['sigsnoop'], { flags: Run.flags, args: Run.args, strict: false });
    // oclif leaves out what is false or undefined.
    const given = Object.fromEntries(Object.entries(NO_RUN_FLAGS).filter(([, value]) => value));
    expect(flags).toEqual(given);
    expect(Object.keys(NO_RUN_FLAGS).sort()).toEqual(Object.keys(Run.flags).sort());
  });
});
