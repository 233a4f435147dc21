import {
  EbpmError,
  MANIFEST_FILE,
  type Manifest,
  packTar,
  parsePackageName,
  parseVersion,
  readManifest,
  type TarFile,
} from '@ebpm/formats';
import { DEFAULT_ENTRY, entryPaths } from './choose-entry.js';
import { checkedContent, type EntrySource, entryFile } from './entry-file.js';
import { HEADER_FOLDER } from './project/locked-headers.js';
import { readProjectFile, readProjectFiles } from './project-files.js';

/** A package, ready to be published. */
export interface PackedProject {
  readonly manifest: Manifest;
  readonly files: readonly TarFile[];
  /** The canonical tar of the files. */
  readonly archive: Uint8Array;
}

/** Where `ebpm build` puts what it makes; the entries are packed from there, without this name before theirs. */
const BUILD_FOLDER = 'dist';

/** The readme that is packed when the manifest names none and the project has it. */
const DEFAULT_README = 'README.md';

/**
 * Packs a project: its manifest, the entries from `dist/`, or `include/` where nothing of it runs, the readme, and what the manifest's
 * `files` names.
 *
 * @throws EBPM_PROJECT_MISSING, EBPM_PROJECT_FILE, EBPM_PACKAGE_PRIVATE, EBPM_ENTRY_MISSING, and what readManifest,
 *   readPackageContent, readObject and packTar refuse
 */
export async function packProject(folder: string): Promise<PackedProject> {
  const manifestBytes = await readProjectFile(folder, MANIFEST_FILE);
  if (manifestBytes === undefined) throw noProject(folder);
  const manifest = readManifest(manifestBytes);
  if (manifest.private === true) throw isPrivate(manifest);
  const entries = await Promise.all(entryPaths(manifest).map((path) => readEntry(folder, path)));
  const readme = await readReadme(folder, manifest);
  const headers = entries.length === 0 ? [HEADER_FOLDER] : [];
  const more = await readProjectFiles(folder, [...headers, ...(manifest.files ?? [])]);
  const fixed = [{ path: MANIFEST_FILE, bytes: manifestBytes }, ...entries, ...readme];
  // What "files" repeats is packed once; only an entry lies elsewhere than its name says.
  const repeated = [MANIFEST_FILE, ...readme.map(({ path }) => path)];
  return pack(manifest, [...fixed, ...more.filter(({ path }) => !repeated.includes(path))]);
}

/**
 * Packs a file that can be run under a name and version.
 *
 * @throws EBPM_NAME_INVALID, EBPM_VERSION_INVALID and what entryFile and packTar refuse
 */
export function packFile(
  from: EntrySource,
  { name, version }: { readonly name: string; readonly version: string },
): PackedProject {
  const named = { manifest: 1, name: parsePackageName(name), version: parseVersion(version) } as const;
  const entry = entryFile(from, named.name);
  const manifest: Manifest = entry.path === DEFAULT_ENTRY ? named : { ...named, entry: entry.path };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return pack(manifest, [{ path: MANIFEST_FILE, bytes: Buffer.from(text) }, entry]);
}

function pack(manifest: Manifest, files: readonly TarFile[]): PackedProject {
  return { manifest, files, archive: packTar(files) };
}

async function readEntry(folder: string, path: string): Promise<TarFile> {
  const source = `${BUILD_FOLDER}/${path}`;
  const bytes = await readProjectFile(folder, source);
  if (bytes === undefined) {
    throw new EbpmError('EBPM_ENTRY_MISSING', `Cannot publish "${folder}": it has no "${source}"`, {
      hint: `Build it first: ebpm build ${folder}`,
    });
  }
  checkedContent({ bytes, source });
  return { path, bytes };
}

async function readReadme(folder: string, { readme }: Manifest): Promise<readonly TarFile[]> {
  const path = readme ?? DEFAULT_README;
  const bytes = await readProjectFile(folder, path);
  if (bytes !== undefined) return [{ path, bytes }];
  if (readme === undefined) return [];
  throw new EbpmError('EBPM_PROJECT_FILE', `Cannot publish "${folder}": it has no "${readme}", its readme`, {
    hint: `Write the file, or change "readme" in ${MANIFEST_FILE}`,
  });
}

function noProject(folder: string): EbpmError {
  return new EbpmError('EBPM_PROJECT_MISSING', `Cannot publish "${folder}": it has no ${MANIFEST_FILE}`, {
    hint: 'Name the folder of a project, or a file with --name and --version',
  });
}

function isPrivate({ name }: Manifest): EbpmError {
  return new EbpmError('EBPM_PACKAGE_PRIVATE', `Cannot publish "${name}": its ${MANIFEST_FILE} says "private": true`, {
    hint: `Remove "private" from ${MANIFEST_FILE} if others are to have it`,
  });
}
