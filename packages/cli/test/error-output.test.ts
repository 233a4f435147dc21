import { EbpmError } from '@ebpm/formats';
import { Errors, Flags, Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, formatError, toEbpmError } from '../src/error-output.js';

describe('toEbpmError()', () => {
  it('toEbpmError() leaves an EbpmError as it is', () => {
    const error = new EbpmError('EBPM_NOT_INSTALLED', 'gone');
    expect(toEbpmError(error)).toBe(error);
  });

  it.each([
    ['Nonexistent flag: --x\nSee more help with --help', 'Nonexistent flag: --x'],
    ['Missing 1 required arg:\nspec  a name\nSee more help with --help', 'Missing 1 required arg: spec a name'],
  ])('toEbpmError() takes what oclif says, in one line, as wrong usage with a hint: %j', (said, message) => {
    const error = toEbpmError(new Errors.CLIError(said));
    expect(error).toMatchObject({
      code: 'EBPM_USAGE_INVALID',
      message,
      hint: 'Put --help after the command to see its flags',
    });
    expect(exitCodeOf(error)).toBe(2);
  });

  const FLAGS = {
    json: Flags.boolean(),
    organisation: Flags.string(),
    'target-pid': Flags.integer({ min: 1 }),
    'target-path': Flags.string(),
    background: Flags.string({ hidden: true }),
    scope: Flags.string({
      parse: async () => {
        throw new EbpmError('EBPM_USAGE_INVALID', 'Cannot use this', { hint: 'Use that' });
      },
    }),
    time: Flags.string({
      parse: async () => {
        throw new Errors.CLIError('Cannot read this time');
      },
    }),
  };
  const refusalOf = async (...words: readonly string[]) => {
    const thrown = await Parser.parse([...words], { flags: FLAGS }).catch((error: unknown) => error);
    return toEbpmError(thrown);
  };

  it.each([
    ['--jsn', '--json'],
    ['--josn', '--json'],
    ['--org', '--organisation'],
    ['--pid', '--target-pid'],
    ['--orgnisation=x', '--organisation'],
    ['--jsonlines', '--json'],
    ['--target', undefined],
    ['--backgroun', undefined],
    ['-g', undefined],
    ['--nothing-like-it', undefined],
  ])('toEbpmError() says for the flag %s that %s may have been meant', async (typed, meant) => {
    const { hint } = await refusalOf(typed);
    const help = 'Put --help after the command to see its flags';
    expect(hint).toBe(meant === undefined ? help : `Did you mean ${meant}?\n${help}`);
  });

  it.each([
    [['--scope', 'x'], 'Cannot use this', 'Use that'],
    [['--time', 'x'], 'Cannot read this time', expect.stringContaining('--help')],
    [
      ['--target-pid', '0'],
      'Cannot read --target-pid: expected an integer greater than or equal to 1 but received: 0',
      expect.stringContaining('--help'),
    ],
  ])(
    'toEbpmError() says of %j what its flag says of the value, without oclif around it',
    async (words, message, hint) => {
      expect(await refusalOf(...words)).toMatchObject({ code: 'EBPM_USAGE_INVALID', message, hint });
    },
  );

  it.each([
    ['an Error', new TypeError('oops'), 'TypeError: oops'],
    ['a string', 'oops', 'oops'],
    ['nothing', undefined, 'undefined'],
  ])('toEbpmError() tells %s that nobody expected as a bug', (_what, thrown, text) => {
    const error = toEbpmError(thrown);
    expect(error.code).toBe('EBPM_INTERNAL');
    expect(error.cause).toBe(thrown);
    expect(formatError(error).split('\n')[0]).toBe(`error: This is a bug in ebpm: ${text}`);
    expect(error.message).toContain(`This is a bug in ebpm: ${text}`);
    expect(exitCodeOf(error)).toBe(1);
  });
});

describe('exitCodeOf()', () => {
  it.each([
    ['EBPM_USAGE_INVALID', 2],
    ['EBPM_ARGUMENT_UNKNOWN', 2],
    ['EBPM_SPEC_INVALID', 2],
    ['EBPM_REGISTRY_UNSET', 2],
    ['EBPM_ELF_INVALID', 1],
    ['EBPM_NOT_PERMITTED', 1],
    ['EBPM_SAID_BY_A_REGISTRY', 1],
    ['EBPM_constructor', 1],
  ] as const)('exitCodeOf() gives for %s %d', (code, exit) => {
    expect(exitCodeOf(new EbpmError(code, 'x'))).toBe(exit);
  });
});

describe('formatError()', () => {
  it('formatError() writes message and code, each on a line of its own', () => {
    expect(formatError(new EbpmError('EBPM_X', 'Cannot do "x"'))).toBe('error: Cannot do "x"\ncode: EBPM_X\n');
  });

  it('formatError() writes the telling lines of a log, then every line of the hint', () => {
    const error = new EbpmError('EBPM_X', 'no', { hint: 'type this\nor that', data: { log: ['R1 is bad', 'at 7'] } });
    expect(formatError(error)).toBe('error: no\n  R1 is bad\n  at 7\nhint: type this\nhint: or that\ncode: EBPM_X\n');
  });

  it("formatError() writes a compiler's words first, and as they are", () => {
    const diagnostics = '\x1b[1mx.bpf.c:1:1: error: no\\such\x1b[0m\n';
    const error = new EbpmError('EBPM_BUILD_COMPILE_FAILED', 'Cannot compile', { data: { diagnostics } });
    expect(formatError(error)).toBe(`${diagnostics}error: Cannot compile\ncode: EBPM_BUILD_COMPILE_FAILED\n`);
  });

  it('formatError() escapes control characters in message, log and hint', () => {
    const evil = 'a\x1b]0;x\x07\r\u009b\u202e';
    const error = new EbpmError('EBPM_X', evil, { hint: evil, data: { log: [evil] } });
    const shown = 'a\\x1b]0;x\\x07\\r\\u009b\\u202e';
    expect(formatError(error)).toBe(`error: ${shown}\n  ${shown}\nhint: ${shown}\ncode: EBPM_X\n`);
  });

  it('formatError() lets no message and no line of a log begin a line', () => {
    const forged = 'no\nhint: type this\ncode: EBPM_Y';
    const error = new EbpmError('EBPM_X', forged, { data: { log: [forged] } });
    const shown = 'no\\nhint: type this\\ncode: EBPM_Y';
    expect(formatError(error)).toBe(`error: ${shown}\n  ${shown}\ncode: EBPM_X\n`);
  });

  it.each([
    ['log', { log: 'text' }],
    ['diagnostics', { diagnostics: ['text'] }],
  ])('formatError() leaves out %s that has another type', (_key, data) => {
    expect(formatError(new EbpmError('EBPM_X', 'no', { data }))).toBe('error: no\ncode: EBPM_X\n');
  });
});
