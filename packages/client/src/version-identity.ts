import { EbpmError, parseVersion } from '@ebpm/formats';

/** The number that a version is told from others by: without build metadata. Undefined for what is no version. */
export function versionIdentity(text: string): string | undefined {
  try {
    return parseVersion(text);
  } catch (error) {
    if (error instanceof EbpmError) return undefined;
    throw error;
  }
}
