import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EBPM } from './installation.js';

/** Builds an example as its author would, into a folder; gives the package's path. */
export async function buildExample(tool: string, folder: string): Promise<string> {
  const project = fileURLToPath(new URL(`../../examples/${tool}`, import.meta.url));
  const out = join(folder, `${tool}.json`);
  execFileSync(process.execPath, [EBPM, 'build', project, '--out', out], { stdio: ['ignore', 'ignore', 'inherit'] });
  return out;
}
