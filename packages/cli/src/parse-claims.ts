import { EbpmError } from '@ebpm/formats';

/**
 * Claims of a CI job's token, each as `KEY=VALUE`; the value may have further "=".
 *
 * @throws EBPM_USAGE_INVALID
 */
export function parseClaims(texts: readonly string[]): Readonly<Record<string, string>> {
  const claims = new Map<string, string>();
  for (const text of texts) {
    const [, key = '', value = ''] = CLAIM.exec(text) ?? [];
    if (key === '') throw unusable(text, 'wanted KEY=VALUE, such as repository=acme/sigsnoop');
    if (claims.has(key)) throw unusable(text, `"${key}" is there already, and a token has one of each`);
    claims.set(key, value);
  }
  return Object.fromEntries(claims);
}

/** Names as the registry takes them. */
const CLAIM = /^([A-Za-z0-9_.:/-]{1,64})=(.{1,256})$/s;

function unusable(text: string, reason: string): EbpmError {
  const shown = JSON.stringify(text.slice(0, 100));
  return new EbpmError('EBPM_USAGE_INVALID', `Cannot use ${shown} as a claim: ${reason}`);
}
