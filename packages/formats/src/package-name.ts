import { EbpmError } from './ebpm-error.js';
import { MAX_NAME_LENGTH } from './limits.js';

const SCOPE = '[a-z0-9][a-z0-9-]{0,38}';
const SCOPE_NAME = new RegExp(`^${SCOPE}$`);
const NAME = new RegExp(`^(@${SCOPE}/)?[a-z0-9][a-z0-9._-]{0,63}$`);

/**
 * Checks a package name, `sigsnoop` or `@acme/sigsnoop`, and returns it.
 * @throws EBPM_NAME_INVALID
 */
export function parsePackageName(text: string): string {
  if (isPackageName(text)) return text;
  throw new EbpmError(
    'EBPM_NAME_INVALID',
    `Cannot use ${JSON.stringify(text.slice(0, MAX_NAME_LENGTH))} as a package name`,
    {
      hint: 'Use lower-case letters, digits, ".", "_" and "-", with or without a scope: sigsnoop, @acme/sigsnoop',
    },
  );
}

/** Whether a text is a package name. */
export function isPackageName(text: string): boolean {
  return text.length <= MAX_NAME_LENGTH && NAME.test(text);
}

/** Whether this can be the name of a user, an organisation or a team, and so, behind an "@", a scope. */
export function isScopeName(name: unknown): name is string {
  return typeof name === 'string' && SCOPE_NAME.test(name);
}
