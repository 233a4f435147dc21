import { writeFileAtomically } from '@ebpm/client';
import { EbpmError } from '@ebpm/formats';

/**
 * Writes a file that a command makes, whole or not at all; folders are made.
 *
 * @throws EBPM_FILE_UNWRITABLE
 */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFileAtomically(path, bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_FILE_UNWRITABLE', `Cannot write "${path}": ${reason}`, { cause });
  }
}
