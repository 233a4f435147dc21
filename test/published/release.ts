import { existsSync, readFileSync } from 'node:fs';
import { ROOT } from '../kernels/installation.js';

const { version } = JSON.parse(readFileSync(`${ROOT}packages/cli/package.json`, 'utf8'));

/** Below which name a release is unpacked. */
export const ARCHIVE_NAME = `ebpm-${version}-linux-x64`;

/** The path of a file of the release, which `npm run dist` makes. */
export function released(name: string): string {
  const path = `${ROOT}dist/${name}`;
  if (!existsSync(path)) throw new Error(`There is no ${path}: run "npm run dist" first`);
  return path;
}

export const NPM_PACKAGE = `ebpm-${version}.tgz`;
