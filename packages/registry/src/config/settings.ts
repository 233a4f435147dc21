import type { RegistryConfig } from '@ebpm/schemas';
import type { SettingKey } from './setting-table.js';

/** Settings that always have a value: by the schema's `default`, or as the process finds them at its start. */
export const SETTINGS_WITH_DEFAULT = [
  'keyFile',
  'host',
  'port',
  'logLevel',
  'accessLog',
  'trustProxy',
  'requestsPerMinute',
  'refusalsPerMinute',
  'rateLimitExempt',
  'memoryMib',
  'metrics',
  'blobRedirect',
] as const satisfies readonly SettingKey[];

/** What a process runs with, put together from defaults, file, variables and flags. */
export type Settings = Omit<RegistryConfig, '$schema'> &
  Required<Pick<RegistryConfig, (typeof SETTINGS_WITH_DEFAULT)[number]>>;

/** Where the value of a setting comes from. Later ones win. */
export type SettingOrigin = 'default' | 'file' | 'variable' | 'flag';
