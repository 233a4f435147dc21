import { join } from 'node:path';
import type { BuildOptions } from './build-options.js';
import { guestLibrary } from './guest/guest-library.js';
import { guestSources } from './guest/guest-sources.js';
import { type GuestLanguage, type MadeFile, skeletonFile } from './guest/skeleton-files.js';
import { compileKernelHalf } from './kernel-half.js';
import { MAX_SOURCE_BYTES } from './limits.js';
import { guestFolder, moduleEntry, readKernelSources } from './module-project.js';
import { inPrivatePlace } from './private-place.js';
import { readProjectManifest } from './project.js';
import { readLimited } from './read-limited.js';
import { readSkeleton, type SkeletonSource } from './skeleton/skeleton.js';

/** Skeletons, and what they were made with. */
export interface GeneratedSkeletons {
  readonly language: GuestLanguage;
  /** The skeletons, and the library that they include or import. */
  readonly files: readonly MadeFile[];
  /** clang's warnings as it wrote them; empty where it had none. */
  readonly diagnostics: string;
}

/**
 * The skeletons of a project, for a build of its author's own: those that `buildProject` compiles a guest with.
 * @param language default: that of the project's guest, C where it has none yet
 * @throws what buildProject throws, but for what is wrong with a guest
 */
export async function projectSkeletons(options: BuildOptions, language?: GuestLanguage): Promise<GeneratedSkeletons> {
  const manifest = await readProjectManifest(options.dir);
  const projects = await readKernelSources(options.dir, manifest);
  const chosen = language ?? (await ownLanguage(join(options.dir, guestFolder(manifest)), moduleEntry(manifest)));
  return await inPrivatePlace(manifest, options, async (place) => {
    const halves = [];
    for (const project of projects) halves.push(await compileKernelHalf(project, place, options));
    const files = halves.map(({ project: { stem }, object }) => skeletonFile(readSkeleton({ stem, object }), chosen));
    const diagnostics = halves.map((half) => half.diagnostics).join('');
    return { language: chosen, files: [...files, await libraryFile(chosen)], diagnostics };
  });
}

/** The skeleton of one object. @throws what readSkeleton throws */
export async function objectSkeleton(source: SkeletonSource, language: GuestLanguage): Promise<GeneratedSkeletons> {
  const files = [skeletonFile(readSkeleton(source), language), await libraryFile(language)];
  return { language, files, diagnostics: '' };
}

async function libraryFile(language: GuestLanguage): Promise<MadeFile> {
  const path = language === 'c' ? 'ebpm.h' : 'ebpm.ts';
  return { path, bytes: await readLimited(join(guestLibrary(), path), MAX_SOURCE_BYTES) };
}

async function ownLanguage(folder: string, entry = 'app.wasm'): Promise<GuestLanguage> {
  const sources = await guestSources(folder, entry).catch(() => undefined);
  return sources?.language ?? 'c';
}
