import { EbpmError } from '@ebpm/formats';

/**
 * A registry's URL in the one form that tokens are kept under: no trailing slash, query or fragment.
 *
 * @throws EBPM_REGISTRY_URL_INVALID for other schemes than http and https, and for user names in it
 */
export function registryUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw invalid(text, 'it is no http or https URL');
  if (url.username !== '' || url.password !== '') throw invalid(text, 'credentials do not belong into it');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function invalid(text: string, reason: string): EbpmError {
  return new EbpmError('EBPM_REGISTRY_URL_INVALID', `Cannot use "${text}" as a registry: ${reason}`, {
    hint: 'Write its address, such as https://hub.example.org',
  });
}
