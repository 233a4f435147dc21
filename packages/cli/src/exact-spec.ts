import { EbpmError, parsePackageName, parseVersion } from '@ebpm/formats';

/** One version of a package. */
export interface ExactSpec {
  readonly name: string;
  readonly version: string;
}

/** `NAME@VERSION`, with the number of a version. @throws EBPM_USAGE_INVALID, EBPM_NAME_INVALID, EBPM_VERSION_INVALID */
export function parseExactSpec(text: string): ExactSpec {
  const { name, version } = parseVersionedName(text);
  if (version !== undefined) return { name, version };
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot tell which version of "${name}" is meant`, {
    hint: `Write its number behind it: ${name}@1.0.0`,
  });
}

/** `NAME` or `NAME@VERSION`. @throws EBPM_NAME_INVALID, EBPM_VERSION_INVALID */
export function parseVersionedName(text: string): { readonly name: string; readonly version?: string } {
  const at = text.indexOf('@', 1);
  if (at === -1) return { name: parsePackageName(text) };
  return { name: parsePackageName(text.slice(0, at)), version: parseVersion(text.slice(at + 1)) };
}
