import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinVersionFile, splitVersionFile } from '../../packages/client/src/version-file.js';

/** The file of an installed version; `what` is its name and number, such as `sigsnoop@1.0.0`. */
export function versionPath(home: string, what: string): string {
  return join(home, 'installed', `${what}.tar`);
}

/** The text of the record of an installed version. */
export function recordText(home: string, what: string): string {
  return Buffer.from(splitVersionFile(readFileSync(versionPath(home, what))).record ?? []).toString('utf8');
}

/** Puts another record behind the archive of an installed version, and leaves the store's own archive as it is. */
export function writeRecordText(home: string, what: string, text: string): void {
  const path = versionPath(home, what);
  const { archive } = splitVersionFile(readFileSync(path));
  rmSync(path);
  writeFileSync(path, joinVersionFile(archive, text));
}
