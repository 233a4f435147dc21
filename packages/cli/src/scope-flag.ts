import { EbpmError, isScopeName } from '@ebpm/formats';
import { Flags } from '@oclif/core';

/** `--scope @SCOPE`. */
export function scopeFlag(description: string) {
  return Flags.string({ description, helpValue: '@SCOPE', parse: async (text) => parseScope(text) });
}

/** A scope as somebody types it: `@acme`. @throws EBPM_USAGE_INVALID */
export function parseScope(text: string): string {
  if (text.startsWith('@') && isScopeName(text.slice(1))) return text;
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot use ${JSON.stringify(text.slice(0, 100))} as a scope`, {
    hint: 'Write it with its @, in lower-case letters, digits and "-": @acme',
  });
}
