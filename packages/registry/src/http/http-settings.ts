import { SETTINGS } from '../config/setting-table.js';
import type { Settings } from '../config/settings.js';

/** The settings that the HTTP side works with. */
export type HttpSettings = Pick<
  Settings,
  | 'accessLog'
  | 'trustProxy'
  | 'tlsCert'
  | 'tlsKey'
  | 'requestsPerMinute'
  | 'refusalsPerMinute'
  | 'rateLimitExempt'
  | 'memoryMib'
  | 'metrics'
  | 'blobRedirect'
>;

/** What `ebpm-registry` runs with when nothing is configured. */
export const DEFAULT_HTTP_SETTINGS: HttpSettings = Object.fromEntries(
  SETTINGS.filter(({ fallback }) => fallback !== undefined).map(({ key, fallback }) => [key, fallback]),
) as unknown as HttpSettings;
