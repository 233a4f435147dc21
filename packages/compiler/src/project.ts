import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EbpmError, MANIFEST_FILE, type Manifest, readManifest } from '@ebpm/formats';
import { MAX_SOURCE_BYTES } from './limits.js';
import { readLimited } from './read-limited.js';

/** Ending of the C sources of eBPF programs. */
export const SOURCE_ENDING = '.bpf.c';

/** A directory that can be built. */
export interface Project {
  readonly dir: string;
  readonly manifest: Manifest;
  /** The C source, from `dir` on; `NAME.bpf.c`. */
  readonly sourcePath: string;
  /** NAME: what the object is called after. */
  readonly stem: string;
  readonly sourceText: string;
  /** Where the header with the event's struct belongs, from `dir` on: `NAME.h` beside the source. */
  readonly headerPath: string;
  /** Undefined where there is no such header. */
  readonly headerText: string | undefined;
}

/**
 * Reads a project: its manifest, its one `*.bpf.c` (or the manifest's `source`) and the header of that name.
 * @throws EBPM_BUILD_NO_MANIFEST, EBPM_BUILD_SOURCE, EBPM_BUILD_TOO_LARGE, and the errors of readManifest
 */
export async function readProject(dir: string): Promise<Project> {
  const manifest = await readProjectManifest(dir);
  return await readSource(dir, manifest, manifest.source ?? (await onlySource(dir)));
}

/** Reads one source of a project, and the header of its name. @throws EBPM_BUILD_SOURCE, EBPM_BUILD_TOO_LARGE */
export async function readSource(dir: string, manifest: Manifest, sourcePath: string): Promise<Project> {
  const stem = basename(sourcePath, SOURCE_ENDING);
  const headerPath = join(dirname(sourcePath), `${stem}.h`);
  const sourceText = await readText(join(dir, sourcePath));
  if (sourceText === undefined)
    throw sourceError(dir, `"${sourcePath}" does not exist`, `Correct "source" in ${MANIFEST_FILE}`);
  return { dir, manifest, sourcePath, stem, sourceText, headerPath, headerText: await readText(join(dir, headerPath)) };
}

/** Reads a project's manifest. @throws EBPM_BUILD_NO_MANIFEST, EBPM_BUILD_TOO_LARGE, and the errors of readManifest */
export async function readProjectManifest(dir: string): Promise<Manifest> {
  const path = join(dir, MANIFEST_FILE);
  const text = await readText(path);
  if (text !== undefined) return readManifest(text, path);
  throw new EbpmError('EBPM_BUILD_NO_MANIFEST', `Cannot build "${dir}": it has no ${MANIFEST_FILE}`, {
    hint: `Write into "${path}": { "manifest": 1, "name": "NAME", "version": "0.1.0" }`,
    data: { path },
  });
}

async function onlySource(dir: string): Promise<string> {
  const sources = await sourcesIn(dir);
  const [source] = sources;
  if (source === undefined)
    throw sourceError(dir, `it has no *${SOURCE_ENDING}`, `Name the source "source" in ${MANIFEST_FILE}`);
  if (sources.length === 1) return source;
  const names = sources.map((name) => `"${name}"`).join(', ');
  throw sourceError(
    dir,
    `it has several sources: ${names}`,
    `Say in ${MANIFEST_FILE} which one: "source": "${source}"`,
  );
}

/** The names of the `*.bpf.c` of a folder, sorted. */
export async function sourcesIn(dir: string): Promise<readonly string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith(SOURCE_ENDING)).sort();
}

/** The text of a file; undefined where there is none. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await readLimited(path, MAX_SOURCE_BYTES));
  } catch (error) {
    if (error instanceof EbpmError) throw error;
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new EbpmError(
      'EBPM_BUILD_SOURCE',
      `Cannot read "${path}": ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** What is wrong with the sources of a project. */
export function sourceError(dir: string, reason: string, hint: string): EbpmError {
  return new EbpmError('EBPM_BUILD_SOURCE', `Cannot build "${dir}": ${reason}`, { hint, data: { dir } });
}
