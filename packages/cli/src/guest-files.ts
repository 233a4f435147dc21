import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where ebpm lies in a lab kernel. */
const GUEST_FOLDER = '/opt/ebpm';

/** The words that start ebpm in a lab kernel. */
export const GUEST_COMMAND = ['node', `${GUEST_FOLDER}/bundle/main.js`] as const;

/**
 * What goes into a lab kernel so that ebpm runs there, guest path to host path: the bundle, with the addon in it in a clone and
 * beside it in a published package.
 */
export function guestFiles(bundleFolder: string): Readonly<Record<string, string>> {
  const prebuilds = join(bundleFolder, '../prebuilds');
  return {
    [`${GUEST_FOLDER}/package.json`]: join(bundleFolder, '../package.json'),
    [`${GUEST_FOLDER}/bundle`]: bundleFolder,
    ...(existsSync(prebuilds) ? { [`${GUEST_FOLDER}/prebuilds`]: prebuilds } : {}),
  };
}

/** The folder of the bundle that this code runs from. */
export function thisBundle(): string {
  return fileURLToPath(new URL('.', import.meta.url));
}
