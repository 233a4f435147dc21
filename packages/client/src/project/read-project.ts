import { basename, join, resolve } from 'node:path';
import { EbpmError, MANIFEST_FILE, type Manifest, readManifest } from '@ebpm/formats';
import { readProjectFile } from '../project-files.js';

/** What a project says it needs. */
export interface ProjectNeeds {
  readonly manifest: Manifest;
  /** Name to version range. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Reads the manifest of a project, for what it depends on. @throws EBPM_PROJECT_MISSING, EBPM_PROJECT_FILE and what readManifest refuses */
export async function readProject(folder: string): Promise<ProjectNeeds> {
  const bytes = await readProjectFile(folder, MANIFEST_FILE);
  if (bytes === undefined) throw noProject(folder);
  const manifest = readManifest(bytes, join(folder, MANIFEST_FILE));
  return { manifest, dependencies: manifest.dependencies ?? {} };
}

function noProject(folder: string): EbpmError {
  const name = basename(resolve(folder));
  return new EbpmError('EBPM_PROJECT_MISSING', `Cannot find a project in "${folder}": it has no ${MANIFEST_FILE}`, {
    hint: `To install a tool, name it: ebpm install NAME\nTo begin a project, write ${MANIFEST_FILE}: { "manifest": 1, "name": "${name}", "version": "0.1.0" }`,
  });
}
