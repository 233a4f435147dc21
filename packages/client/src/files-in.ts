import { readdirSync } from 'node:fs';
import { EbpmError } from '@ebpm/formats';

/** The names in a folder of the store; none where there is no folder. @throws EBPM_STORE_DAMAGED */
export async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw unreadable(folder, error);
  }
}

/** Something in the store that the system does not let be read. */
export function unreadable(path: string, cause: unknown): EbpmError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EbpmError('EBPM_STORE_DAMAGED', `Cannot read "${path}" in the store: ${reason}`, {
    cause,
    hint: `See what it is: ls -l ${path}`,
  });
}
