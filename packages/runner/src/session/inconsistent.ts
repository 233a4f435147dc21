import { EbpmError } from '@ebpm/formats';
import type { RunnablePackage } from '../runnable-package.js';

/** The error for metadata that does not fit the object. */
export function inconsistent({ name }: Pick<RunnablePackage, 'name'>, reason: string): EbpmError {
  return new EbpmError('EBPM_PACKAGE_INCONSISTENT', `Cannot run "${name}": ${reason}`);
}
