import { EbpmError } from '@ebpm/formats';
import { Flags } from '@oclif/core';

/** The first part of a name, as `parsePackageName` has it. */
const SCOPE = /^@[a-z0-9][a-z0-9-]{0,38}$/;

/** `--scope @SCOPE`. */
export function scopeFlag(description: string) {
  return Flags.string({ description, helpValue: '@SCOPE', parse: async (text) => parseScope(text) });
}

/** A scope as somebody types it: `@acme`. @throws EBPM_USAGE_INVALID */
export function parseScope(text: string): string {
  if (SCOPE.test(text)) return text;
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot use ${JSON.stringify(text.slice(0, 100))} as a scope`, {
    hint: 'Write it with its @, in lower-case letters, digits and "-": @acme',
  });
}
