import { EbpmError } from '@ebpm/formats';

/**
 * Checks the name that somebody is to have: as a scope of packages is written, so that one can become the other.
 * @throws EBPM_USER_NAME_INVALID
 */
export function checkUserName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,38}$/.test(name)) return name;
  const wanted = 'wanted 1 to 39 of a-z, 0-9 and "-", the first no "-"';
  throw new EbpmError('EBPM_USER_NAME_INVALID', `Cannot add the user "${name}": ${wanted}`);
}
