import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EbpmError, type EunomiaMeta, type Manifest, readEunomiaPackage, writeEunomiaPackage } from '@ebpm/formats';
import { readObject } from '@ebpm/object';
import { type CompiledObject, compileObject } from './compile-object.js';
import { type HeaderPackage, writeHeaders } from './header-packages.js';
import { deriveMeta } from './meta/derive-meta.js';
import { type Project, readProject } from './project.js';
import { structNames } from './source/struct-names.js';

/** What to build, and with what. */
export interface BuildOptions {
  /** The project's directory. Clang's messages name files with it in front, as it is given here. */
  readonly dir: string;
  /** Directories to find clang, llvm-strip and bpftool in, as in PATH. */
  readonly searchPath: string;
  /** Directory that keeps vmlinux.h between builds; made when missing. */
  readonly cacheDir: string;
  /** The headers of what a project depends on, which `#include <...>` finds in this order; default none. */
  readonly headersOf?: (manifest: Manifest) => Promise<readonly HeaderPackage[]>;
  /** A kernel's BTF to make vmlinux.h from; default that of the running kernel. A `vmlinux.h` in the project goes before both. */
  readonly btfPath?: string;
  /** Architecture to build for, by Node's name for it; default this machine's. */
  readonly arch?: string;
  /** Whether clang colours its messages; default false. */
  readonly color?: boolean;
  /** Time for each tool; default 60 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

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
  const structs = structNames(project.headerText ?? '');
  const { object, diagnostics } = await compileInPrivate(project, structs, options);
  const meta = deriveMeta({ ...project, object: readObject(object), structs });
  const packageFile = new TextEncoder().encode(writeEunomiaPackage({ object, meta }));
  requireReadable(packageFile, project);
  return { manifest: project.manifest, packageFile, object, meta, diagnostics };
}

/** Compiles in a directory of its own, which is gone afterwards. */
async function compileInPrivate(
  project: Project,
  structs: readonly string[],
  options: BuildOptions,
): Promise<CompiledObject> {
  const tempDir = await mkdtemp(join(tmpdir(), 'ebpm-build-'));
  try {
    const { arch = process.arch, color = false, headersOf } = options;
    const headers = (await headersOf?.(project.manifest)) ?? [];
    const headerDirs = await writeHeaders(join(tempDir, 'headers'), headers);
    return await compileObject(project, { ...options, structs, tempDir, headerDirs, arch, color });
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
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
