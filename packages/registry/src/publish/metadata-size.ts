import { EbpmError } from '@ebpm/formats';
import { ENTRY_LIMITS } from '../limits-log.js';

/**
 * Checks that what a publish says of a package fits a line of the log.
 * @throws EBPM_PACKAGE_METADATA_TOO_LARGE
 */
export function checkMetadataSize(
  { name, version }: { readonly name: string; readonly version: string },
  { files, sizeBytes }: { readonly files: number; readonly sizeBytes: number },
): void {
  const maxSizeBytes = ENTRY_LIMITS.opLineSizeBytes;
  if (sizeBytes <= maxSizeBytes) return;
  const reason = `"ebpm.json" and the list of ${files} files take ${sizeBytes} bytes, wanted at most ${maxSizeBytes}`;
  throw new EbpmError('EBPM_PACKAGE_METADATA_TOO_LARGE', `Cannot publish "${name}@${version}": ${reason}`, {
    hint: 'publish fewer files, or say less in ebpm.json',
    data: { sizeBytes, maxSizeBytes },
  });
}
