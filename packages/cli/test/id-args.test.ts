import { Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { toEbpmError } from '../src/error-output.js';
import { keyIdArg, publisherIdArg, tokenIdArg } from '../src/id-args.js';

const ARGS = { key: keyIdArg, publisher: publisherIdArg, token: tokenIdArg };
const parse = async (which: keyof typeof ARGS, text: string) =>
  (await Parser.parse([text], { args: { id: ARGS[which] } })).args.id;

describe('keyIdArg, tokenIdArg, publisherIdArg', () => {
  it.each([
    ['key', `k_${'0a'.repeat(16)}`],
    ['token', `t_${'0a'.repeat(8)}`],
    ['publisher', `c_${'0a'.repeat(16)}`],
  ] as const)('the id of a %s is taken', async (which, id) => {
    expect(await parse(which, id)).toBe(id);
  });

  it.each([
    ['key', 'k_00', 'a key: it is "k_" and 32 hex digits', /"ebpm keys ls" .* --organisation NAME"/],
    ['key', `k_${'0A'.repeat(16)}`, 'a key: it is "k_" and 32 hex digits', /keys ls/],
    ['publisher', 'c_00', 'a publisher: it is "c_" and 32 hex digits', /"ebpm publisher ls NAME"/],
    ['token', 'nosuch', 'a token: it is "t_" and 16 hex digits', /"ebpm token ls"/],
    ['token', 'ebpm_short', 'a token: it is "t_" and 16 hex digits, not the token itself', /"ebpm token ls"/],
  ] as const)(
    'of what is no id of a %s, %s, it is said what one is and which command lists them',
    async (which, typed, what, hint) => {
      const refusal = toEbpmError(await parse(which, typed).catch((error: unknown) => error));
      expect(refusal).toMatchObject({
        code: 'EBPM_USAGE_INVALID',
        message: `Cannot use "${typed}" as the id of ${what}`,
        hint: expect.stringMatching(hint),
      });
    },
  );
});
