import { join } from 'node:path';
import type { Manifest } from '@ebpm/formats';
import type { BuildOptions } from './build-options.js';
import { checkImports } from './guest/check-imports.js';
import { compileCGuest } from './guest/compile-c-guest.js';
import { compileScriptGuest } from './guest/compile-script-guest.js';
import { guestSources } from './guest/guest-sources.js';
import { type MadeFile, skeletonFile, writeSkeletons } from './guest/skeleton-files.js';
import { compileKernelHalf, type KernelHalf, packageOf } from './kernel-half.js';
import { guestFolder, moduleEntry, PACKAGE_FILE, readKernelSources } from './module-project.js';
import { type BuildPlace, inPrivatePlace } from './private-place.js';
import { readProject, readProjectManifest } from './project.js';
import { readSkeleton } from './skeleton/skeleton.js';

/** A project that was built. */
export interface BuiltProject {
  readonly manifest: Manifest;
  /** What is published and run, by its name in `dist/`: `package.json`, `app.wasm`, or both. The same files, tools and kernel types give the same bytes. */
  readonly files: readonly MadeFile[];
  /** What was generated for the source of a WASM module; empty where there is none. */
  readonly skeletons: readonly MadeFile[];
  /** The compilers' warnings as they wrote them; empty where they had none. */
  readonly diagnostics: string;
}

/**
 * Builds everything that a project's `entry` names. Nothing is written into the project, and nothing of it is executed.
 * @throws EBPM_BUILD_*, EBPM_TOOL_MISSING, EBPM_MANIFEST_*, and EBPM_ELF_*, EBPM_BTF_*, EBPM_OBJECT_* for an object that cannot be read.
 *   The errors of tools have their messages in `data.diagnostics`. And what `headersOf` throws
 */
export async function buildProject(options: BuildOptions): Promise<BuiltProject> {
  const manifest = await readProjectManifest(options.dir);
  const module = moduleEntry(manifest);
  const packaged = hasPackage(manifest) ? await readProject(options.dir) : undefined;
  const folder = guestFolder(manifest);
  const sources = module === undefined ? [] : await readKernelSources(options.dir, manifest);
  const others = sources.filter(({ sourcePath }) => sourcePath !== packaged?.sourcePath);
  return await inPrivatePlace(manifest, options, async (place) => {
    const halves: KernelHalf[] = [];
    for (const project of packaged === undefined ? others : [packaged, ...others]) {
      halves.push(await compileKernelHalf(project, place, options));
    }
    const packages = halves
      .filter(({ project }) => project === packaged)
      .map((half) => ({ path: PACKAGE_FILE, bytes: packageOf(half).packageFile }));
    const guest = module === undefined ? NO_GUEST : await buildGuest(module, halves, { ...options, folder, place });
    return {
      manifest,
      files: [...packages, ...guest.files],
      skeletons: guest.skeletons,
      diagnostics: [...halves, guest].map(({ diagnostics }) => diagnostics).join(''),
    };
  });
}

const NO_GUEST = { files: [], skeletons: [], diagnostics: '' };

/** Whether a package without a module is wanted: every entry but a module is one. */
function hasPackage({ entry = PACKAGE_FILE }: Manifest): boolean {
  return typeof entry === 'string'
    ? !entry.endsWith('.wasm')
    : entry.some(({ file }) => !file.endsWith('.wasm')) || entry.length === 0;
}

/** Compiles the guest with the skeletons of all objects. */
async function buildGuest(
  entry: string,
  halves: readonly KernelHalf[],
  { folder: place, ...options }: BuildOptions & { readonly folder: string; readonly place: BuildPlace },
): Promise<{
  readonly files: readonly MadeFile[];
  readonly skeletons: readonly MadeFile[];
  readonly diagnostics: string;
}> {
  const folder = join(options.dir, place);
  const { language, paths } = await guestSources(folder, entry);
  const skeletons = halves.map(({ project: { stem }, object }) =>
    skeletonFile(readSkeleton({ stem, object }), language),
  );
  const skeletonDir = join(options.place.tempDir, 'skeletons');
  await writeSkeletons(skeletons, skeletonDir, folder);
  const compile = language === 'c' ? compileCGuest : compileScriptGuest;
  const { color = false } = options;
  const { module, diagnostics } = await compile({ ...options, ...options.place, folder, paths, skeletonDir, color });
  checkImports(module, entry);
  return { files: [{ path: entry, bytes: module }], skeletons, diagnostics };
}
