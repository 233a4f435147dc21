import type { EunomiaMeta, Manifest } from '@ebpm/formats';
import type { BuildOptions } from './build-options.js';
import { compileKernelHalf, packageOf } from './kernel-half.js';
import { inPrivatePlace } from './private-place.js';
import { readProject } from './project.js';

/** A package and what it was made from. */
export interface BuildResult {
  readonly manifest: Manifest;
  /** The bytes of `package.json`. The same files, tools and kernel types give the same bytes. */
  readonly packageFile: Uint8Array;
  /** The ELF object inside of it. */
  readonly object: Uint8Array;
  readonly meta: EunomiaMeta;
  /** clang's warnings as it wrote them; empty where it had none. */
  readonly diagnostics: string;
}

/**
 * Builds a project into a package in eunomia-bpf's format. Nothing is written into the project, and nothing of it is executed.
 * @throws EBPM_BUILD_*, EBPM_TOOL_MISSING, EBPM_MANIFEST_*, and EBPM_ELF_*, EBPM_BTF_*, EBPM_OBJECT_* for an object that cannot be read.
 *   The errors of tools have their messages in `data.diagnostics`. And what `headersOf` throws
 */
export async function buildPackage(options: BuildOptions): Promise<BuildResult> {
  const project = await readProject(options.dir);
  const half = await inPrivatePlace(project.manifest, options, (place) => compileKernelHalf(project, place, options));
  const { object, diagnostics } = half;
  return { manifest: project.manifest, ...packageOf(half), object, diagnostics };
}
