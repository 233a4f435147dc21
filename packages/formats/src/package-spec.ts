import { EbpmError } from './ebpm-error.js';
import { MAX_SPEC_LENGTH } from './limits.js';
import { parsePackageName } from './package-name.js';
import { isTag, LATEST } from './tag.js';
import { isRange } from './version.js';

/** What a person types to name a package. */
export type PackageSpec =
  /** The highest version in a range, from a registry: `sigsnoop@^1.2`, `@acme/x@1`, `sigsnoop@1.0.0`. */
  | { readonly kind: 'range'; readonly name: string; readonly range: string }
  /** The version that carries a tag in a registry: `sigsnoop@next`; `sigsnoop` alone is `sigsnoop@latest`. */
  | { readonly kind: 'tag'; readonly name: string; readonly tag: string }
  /** A file or a project's folder. */
  | { readonly kind: 'path'; readonly path: string }
  /** A file on a web server. */
  | { readonly kind: 'url'; readonly url: string }
  /** Standard input: `-`. */
  | { readonly kind: 'stdin' };

/** Files that ebpm reads: a text that ends so is a path, as with npm and its tarballs. */
const FILE_ENDING = /\.(json|o|wasm|tar)$/i;

/** RFC 3986 section 3.1, at least two letters long. */
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

/**
 * Reads a spec. As with npm, what has a slash and no scope is a path; so is `.`, `..`, and what ends like a file that ebpm reads.
 * A package whose name ends so is reached with its tag or version: `name.json@latest`.
 * @throws EBPM_SPEC_INVALID, EBPM_NAME_INVALID
 */
export function parseSpec(text: string): PackageSpec {
  if (text === '') throw invalid(text, 'it is empty');
  if (text.length > MAX_SPEC_LENGTH) throw invalid(text, `it has more than ${MAX_SPEC_LENGTH} characters`);
  if (text.includes('\0')) throw invalid(text, 'it holds a NUL character');
  if (text === '-') return { kind: 'stdin' };
  if (isPath(text)) return { kind: 'path', path: text };
  if (SCHEME.test(text)) return parseUrl(text);
  return parseNamed(text);
}

function isPath(text: string): boolean {
  if (text.startsWith('@') || SCHEME.test(text)) return false;
  return text === '.' || text === '..' || nameOf(text).includes('/') || FILE_ENDING.test(text);
}

/** The part before the "@" that divides name and version; a leading "@" belongs to the scope. */
function nameOf(text: string): string {
  const at = text.indexOf('@', 1);
  return at === -1 ? text : text.slice(0, at);
}

function parseUrl(text: string): PackageSpec {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') throw invalid(text, `addresses with "${scheme}:" are not known`);
  if (!URL.canParse(text)) throw invalid(text, 'it is not a sound URL');
  return { kind: 'url', url: text };
}

function parseNamed(text: string): PackageSpec {
  const name = parsePackageName(nameOf(text));
  const wanted = text === name ? LATEST : text.slice(name.length + 1);
  if (isRange(wanted)) return { kind: 'range', name, range: wanted };
  if (isTag(wanted)) return { kind: 'tag', name, tag: wanted };
  throw invalid(text, `${JSON.stringify(wanted)} is neither a version range nor a tag`);
}

function invalid(text: string, reason: string): EbpmError {
  return new EbpmError(
    'EBPM_SPEC_INVALID',
    `Cannot tell which package ${JSON.stringify(text.slice(0, 200))} is: ${reason}`,
    {
      hint: 'Write a name (sigsnoop, sigsnoop@^1.2, @acme/x@next), a path (./dist/package.json), a URL or "-" for standard input',
    },
  );
}
