import { EbpmError, isScopeName } from '@ebpm/formats';

/**
 * Checks the name that a user or an organisation is to have: as a scope of packages is written, since it becomes one.
 * @throws EBPM_USER_NAME_INVALID
 */
export function checkUserName(name: string, kind: 'user' | 'organisation' = 'user'): string {
  const what = `Cannot add the ${kind} "${name}"`;
  if (!isScopeName(name)) {
    const wanted = 'wanted 1 to 39 of a-z, 0-9 and "-", the first no "-"';
    throw new EbpmError('EBPM_USER_NAME_INVALID', `${what}: ${wanted}`);
  }
  if (!RESERVED.has(name)) return name;
  throw new EbpmError('EBPM_NAME_RESERVED', `${what}: the name is reserved`, { hint: 'choose another name' });
}

/** Names that people would take for the registry's own, or for a word of its API. */
const RESERVED: ReadonlySet<string> = new Set([
  'admin',
  'administrator',
  'anonymous',
  'api',
  'ebpm',
  'everybody',
  'me',
  'nobody',
  'official',
  'operator',
  'registry',
  'root',
  'security',
  'support',
  'system',
  'trusted',
]);
