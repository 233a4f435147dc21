import { type Kind, type PackageFile, packageFileKind, validate } from '@ebpm/schemas';
import { EbpmError } from './ebpm-error.js';
import { JsonTextError, parseJsonText } from './json-text.js';
import { MAX_PACKAGE_BYTES } from './limits.js';
import { looksLike, looksLikeAnswer } from './looks-like.js';
import { withOldDefaults } from './old-defaults.js';

/**
 * The JSON of a package file of at most 20 MiB.
 * @throws EBPM_PACKAGE_TOO_LARGE, EBPM_PACKAGE_MALFORMED
 */
export function packageJson(bytes: Uint8Array, source: string): unknown {
  if (bytes.length > MAX_PACKAGE_BYTES) {
    throw new EbpmError(
      'EBPM_PACKAGE_TOO_LARGE',
      `Cannot read "${source}": it is larger than ${MAX_PACKAGE_BYTES} bytes`,
    );
  }
  try {
    return parseJsonText(bytes);
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    const known = looksLike(bytes);
    const reason = known === undefined ? `it is not JSON: ${cause.message}` : `it is ${known}`;
    throw new EbpmError('EBPM_PACKAGE_MALFORMED', `Cannot read "${source}": ${reason}`, { cause });
  }
}

/**
 * A package of today's format, with what its compiler took for granted filled in.
 * @throws EBPM_PACKAGE_INVALID
 */
export function checkedPackage(value: unknown, source: string): PackageFile {
  const meta = typeof value === 'object' && value !== null && 'meta' in value ? withOldDefaults(value.meta) : undefined;
  return checkedAs(packageFileKind, meta === undefined ? value : { ...(value as object), meta }, source);
}

/** JSON of a kind. @throws EBPM_PACKAGE_INVALID */
export function checkedAs<T>(kind: Kind<T>, value: unknown, source: string): T {
  const checked = validate(kind, value);
  if (checked.ok) return checked.value;
  const sentences = checked.problems.map(({ path, message }) => (path === '' ? `it ${message}` : `${path} ${message}`));
  const answer = looksLikeAnswer(value);
  const reason = answer === undefined ? sentences.join(' or ') : `it is ${answer}`;
  throw new EbpmError('EBPM_PACKAGE_INVALID', `Cannot read "${source}": ${reason}`, {
    hint:
      answer === undefined ? 'Build the package again with "ebpm build"' : 'Check the address that the file came from',
    data: { source, problems: checked.problems },
  });
}
