import { EbpmError } from './ebpm-error.js';
import { MAX_PATH_BYTES, MAX_PATH_PART_BYTES } from './limits.js';

/**
 * Checks that a path in a package is relative, stays below its root, and means one file on every file system.
 * @throws EBPM_ARCHIVE_PATH
 */
export function checkTarPath(path: string): void {
  const reason = reasonAgainst(path);
  if (reason === undefined) return;
  throw new EbpmError(
    'EBPM_ARCHIVE_PATH',
    `Cannot use the path ${JSON.stringify(path.slice(0, 300))} in a package: ${reason}`,
  );
}

/** The path as case-insensitive file systems compare it. Upper case first, for letters such as "ß" whose upper case is two. */
export function foldedPath(path: string): string {
  return path.toUpperCase().toLowerCase().normalize('NFC');
}

function reasonAgainst(path: string): string | undefined {
  const parts = path.split('/');
  if (path === '') return 'it is empty';
  if (path.startsWith('/')) return 'it is absolute';
  if (parts.includes('..')) return 'it climbs with ".."';
  if (parts.includes('') || parts.includes('.')) return 'it has an empty part or "."';
  if (path.includes('\\')) return 'it has a backslash';
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(path)) return 'it has a control or an invisible character';
  // U+FFFD is what bytes that are not UTF-8 are decoded to.
  if (/\p{Cs}|\uFFFD/u.test(path)) return 'it is not UTF-8';
  if (path !== path.normalize('NFC')) return 'it is not in Unicode normalization form C';
  if (byteLength(path) > MAX_PATH_BYTES) return `it is longer than ${MAX_PATH_BYTES} bytes`;
  if (parts.some((part) => byteLength(part) > MAX_PATH_PART_BYTES))
    return `a part of it is longer than ${MAX_PATH_PART_BYTES} bytes`;
  return undefined;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
