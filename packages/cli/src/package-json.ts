import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package's package.json: bundled or not, one above this file's. */
export const PACKAGE_ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What is used of a package.json. */
export interface PackageJson {
  readonly version: string;
  readonly oclif: object;
}

/** This package's package.json, read anew each time. */
export function readPackageJson(): PackageJson {
  return JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
}
