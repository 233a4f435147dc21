import { EbpmError, isScopeName } from '@ebpm/formats';
import { Args } from '@oclif/core';

/**
 * The name of a user, an organisation or a team, also as it stands before the names of packages: `acme`, `@acme`.
 *
 * @throws EBPM_USAGE_INVALID
 */
export function parseAccountName(text: string): string {
  const name = text.startsWith('@') ? text.slice(1) : text;
  if (isScopeName(name)) return name;
  const shown = JSON.stringify(text.slice(0, 100));
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot use ${shown} as the name of a user, an organisation or a team`, {
    hint: 'Use lower-case letters, digits and "-", 39 at most: alice, acme',
  });
}

/** An argument that names one. */
export function accountArg(description: string) {
  return Args.string({ description, required: true, parse: async (text) => parseAccountName(text) });
}
