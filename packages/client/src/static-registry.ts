import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  EbpmError,
  isPackageName,
  MIRROR_FILE,
  MIRROR_REVOCATIONS_FILE,
  MIRROR_SEARCH_FILE,
  mirrorBlobFile,
  mirrorPackageFile,
  mirrorVersionFile,
} from '@ebpm/formats';
import type { ApiSearchResult } from '@ebpm/schemas';
import type { HttpAnswer, HttpRequest } from './http.js';
import { versionIdentity } from './version-identity.js';

/** A path of the API with what a mirror has in its place; undefined where it has nothing. */
export function staticPath(method: HttpRequest['method'], path: string): string | undefined {
  if (method !== 'GET') return undefined;
  const [, route = ''] = /^\/api\/v1\/([^?]*)/.exec(path) ?? [];
  const [kind, first = '', second, third = ''] = route.split('/').map(decodeURIComponent);
  if (kind === 'log' && first === 'revocations') return MIRROR_REVOCATIONS_FILE;
  if (kind === 'search') return MIRROR_SEARCH_FILE;
  if (kind === 'blobs' && /^[0-9a-f]{64}$/.test(second ?? '')) return mirrorBlobFile(second ?? '');
  if (kind !== 'packages' || !isPackageName(first)) return undefined;
  if (second === undefined) return mirrorPackageFile(first);
  const version = versionIdentity(third);
  return version === undefined ? undefined : mirrorVersionFile(first, version);
}

/** A path of a mirror as a URL below its own. */
export function staticUrl(url: string, path: string): string {
  return `${url}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * Reads a file of a mirror on this machine, as an answer; 404 when it is not there.
 * @throws EBPM_REGISTRY_UNREACHABLE when there is no mirror, EBPM_REGISTRY_ANSWER_INVALID for a file that is too large
 */
export async function readStaticFile(url: string, path: string, maxBytes: number): Promise<HttpAnswer> {
  const root = fileURLToPath(url);
  const body = await readIfThere(`${root}/${path}`);
  if (body === undefined && (await readIfThere(`${root}/${MIRROR_FILE}`)) === undefined) {
    throw new EbpmError(
      'EBPM_REGISTRY_UNREACHABLE',
      `Cannot use "${url}" as a registry: "${root}" is no mirror of one`,
      {
        hint: `Make one: ebpm-registry mirror https://REGISTRY ${root}`,
      },
    );
  }
  if (body === undefined) return { status: 404, headers: {}, body: new Uint8Array() };
  if (body.length <= maxBytes) return { status: 200, headers: {}, body };
  throw new EbpmError('EBPM_REGISTRY_ANSWER_INVALID', `Cannot use "${url}": "${path}" has more than ${maxBytes} bytes`);
}

/** A mirror cannot look for words: all of them must stand in the name, the keywords or the description. */
export function searchStatically(
  { results }: ApiSearchResult,
  { query, limit, cursor }: { readonly query: string; readonly limit: number; readonly cursor: string | undefined },
): ApiSearchResult {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = results.filter(({ name, keywords, description = '' }) => {
    const text = [name, ...keywords, description].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const first = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0;
  const page = found.slice(first, first + limit);
  const end = first + page.length;
  return {
    results: page,
    total: found.length,
    isTotalExact: true,
    ...(end < found.length && page.length > 0 && { next: String(end) }),
  };
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw new EbpmError('EBPM_REGISTRY_UNREACHABLE', `Cannot read "${path}": ${(error as Error).message}`, {
      cause: error,
    });
  }
}
