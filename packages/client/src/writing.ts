import { EbpmError } from '@ebpm/formats';

/**
 * Writes something below `$EBPM_HOME`, and tells what the system refuses.
 *
 * @throws EBPM_STORE_UNWRITABLE
 */
export async function writing(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const { code, path, message } = cause;
    throw new EbpmError('EBPM_STORE_UNWRITABLE', `Cannot write to the store: ${message}`, {
      cause,
      hint: 'Check who owns the folder and whether the disk is full, or set EBPM_HOME to another folder',
      data: { errno: code, path },
    });
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'errno' in error;
}
