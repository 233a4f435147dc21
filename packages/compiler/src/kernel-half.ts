import { EbpmError, type EunomiaMeta, readEunomiaPackage, writeEunomiaPackage } from '@ebpm/formats';
import { readObject } from '@ebpm/object';
import type { BuildOptions } from './build-options.js';
import { compileObject } from './compile-object.js';
import { deriveMeta } from './meta/derive-meta.js';
import type { BuildPlace } from './private-place.js';
import type { Project } from './project.js';
import { structNames } from './source/struct-names.js';

/** The object of one source. */
export interface KernelHalf {
  readonly project: Project;
  /** The structs of its header. */
  readonly structs: readonly string[];
  readonly object: Uint8Array;
  /** clang's warnings as it wrote them; empty where it had none. */
  readonly diagnostics: string;
}

/** Compiles a source. @throws the errors of compileObject */
export async function compileKernelHalf(
  project: Project,
  place: BuildPlace,
  options: BuildOptions,
): Promise<KernelHalf> {
  const structs = structNames(project.headerText ?? '');
  const { arch = process.arch, color = false } = options;
  const { object, diagnostics } = await compileObject(project, { ...options, ...place, structs, arch, color });
  return { project, structs, object, diagnostics };
}

/** The `package.json` of an object. @throws EBPM_BUILD_*, and the errors of readObject */
export function packageOf({ project, structs, object }: KernelHalf): {
  readonly packageFile: Uint8Array;
  readonly meta: EunomiaMeta;
} {
  const meta = deriveMeta({ ...project, object: readObject(object), structs });
  const packageFile = new TextEncoder().encode(writeEunomiaPackage({ object, meta }));
  requireReadable(packageFile, project);
  return { packageFile, meta };
}

/** Reads the package as a loader will. What is derived always fits its schema, so what does not comes from an annotation. */
function requireReadable(packageFile: Uint8Array, { sourcePath }: Project): void {
  try {
    readEunomiaPackage(packageFile);
  } catch (cause) {
    if (!(cause instanceof EbpmError) || cause.code !== 'EBPM_PACKAGE_INVALID') throw cause;
    const reason = cause.message.slice(cause.message.indexOf(': ') + 2);
    throw new EbpmError('EBPM_BUILD_ANNOTATION', `Cannot use the annotations in "${sourcePath}": ${reason}`, {
      cause,
      hint: 'Correct the doc comment in the source; docs/build.md lists the annotations',
      ...(cause.data === undefined ? {} : { data: cause.data }),
    });
  }
}
