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

/** What `ebpm --version` prints, as oclif would: `ebpm/1.0.0 linux-x64 node-v20.19.0`. */
export function versionLine(): string {
  return `ebpm/${readPackageJson().version} ${process.platform}-${process.arch} node-${process.version}`;
}
