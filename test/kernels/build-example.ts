import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EBPM } from './installation.js';

/** Builds an example as its author would, into a folder; gives the package's path. */
export async function buildExample(tool: string, folder: string): Promise<string> {
  return buildProject(new URL(`../../examples/${tool}`, import.meta.url), join(folder, `${tool}.json`));
}

/** Builds a project of this folder's fixtures; gives the package's path. */
export async function buildFixture(name: string, folder: string): Promise<string> {
  return buildProject(new URL(`fixtures/${name}`, import.meta.url), join(folder, `${name}.json`));
}

function buildProject(project: URL, out: string): string {
  return buildFolder(fileURLToPath(project), out);
}

/** Builds a project into a file; gives its path. */
export function buildFolder(project: string, out: string): string {
  const words = [EBPM, 'build', project, '--out', out];
  execFileSync(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  return out;
}
