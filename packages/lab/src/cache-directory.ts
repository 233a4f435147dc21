import { access, constants, mkdir } from 'node:fs/promises';
import { EbpmError } from '@ebpm/formats';

/**
 * Makes the lab's cache directory when it is missing.
 * @throws EBPM_LAB_CACHE_UNWRITABLE
 */
export async function ensureCacheDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? cause.code : cause;
    throw new EbpmError(
      'EBPM_LAB_CACHE_UNWRITABLE',
      `Cannot write to the lab's cache ${JSON.stringify(path)}: ${reason}`,
      { cause },
    );
  }
}
