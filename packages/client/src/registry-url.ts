import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EbpmError } from '@ebpm/formats';

/**
 * A registry's URL in the one form that tokens are kept under: no trailing slash, query or fragment.
 *
 * A mirror on this machine is `file:DIR`, whose URL has its whole path.
 *
 * @throws EBPM_REGISTRY_URL_INVALID for other schemes than http, https and file, and for user names in it
 */
export function registryUrl(text: string): string {
  if (text.startsWith('file:')) return fileUrl(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw invalid(text, 'it is no http, https or file URL');
  if (url.username !== '' || url.password !== '') throw invalid(text, 'credentials do not belong into it');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** `file:///srv/mirror` as it is; after `file:` alone a path is what the shell takes it for. */
function fileUrl(text: string): string {
  const path = text.startsWith('file:///') && URL.canParse(text) ? fileURLToPath(text) : text.slice('file:'.length);
  if (path === '') throw invalid(text, 'it names no folder');
  return pathToFileURL(resolve(path)).href;
}

function invalid(text: string, reason: string): EbpmError {
  return new EbpmError('EBPM_REGISTRY_URL_INVALID', `Cannot use "${text}" as a registry: ${reason}`, {
    hint: 'Write its address, such as https://hub.example.org',
  });
}
