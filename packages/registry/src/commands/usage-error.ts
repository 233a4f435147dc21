import { EbpmError } from '@ebpm/formats';

/** The error of a command line that was typed wrongly; `reason` reads on from "Cannot run ebpm-registry:". */
export function usageError(reason: string, hint = 'ebpm-registry --help'): EbpmError {
  return new EbpmError('EBPM_REGISTRY_USAGE', `Cannot run ebpm-registry: ${reason}`, { hint });
}
