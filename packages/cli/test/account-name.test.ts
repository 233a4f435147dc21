import { Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { accountArg } from '../src/account-name.js';

const parse = async (text: string) =>
  (await Parser.parse([text], { args: { user: accountArg('name of the user') } })).args.user;

describe('accountArg()', () => {
  it.each([
    ['alice', 'alice'],
    ['@acme', 'acme'],
    ['a'.repeat(39), 'a'.repeat(39)],
  ])('accountArg() takes %s', async (typed, name) => {
    expect(await parse(typed)).toBe(name);
  });

  it.each(['B@b', '', '@', 'a_b', 'a'.repeat(40), '@@a'])('accountArg() says what a name is, of %j', async (typed) => {
    await expect(parse(typed)).rejects.toMatchObject({
      code: 'EBPM_USAGE_INVALID',
      message: `Cannot use ${JSON.stringify(typed)} as the name of a user, an organisation or a team`,
      hint: 'Use lower-case letters, digits and "-", 39 at most: alice, acme',
    });
  });
});
