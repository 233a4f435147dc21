import { EbpmError, type EbpmErrorOptions } from '@ebpm/formats';

/** The error of a configuration that cannot be read or used. */
export function configError(message: string, options: EbpmErrorOptions = {}): EbpmError {
  return new EbpmError('EBPM_REGISTRY_CONFIG', message, { hint: 'ebpm-registry config show', ...options });
}
