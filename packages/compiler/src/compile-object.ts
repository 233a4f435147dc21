import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { type CompilerTools, findCompilerTools } from './find-tool.js';
import { isFile } from './is-file.js';
import { MAX_FILE_BYTES } from './limits.js';
import type { Project } from './project.js';
import { readLimited } from './read-limited.js';
import { type RunOptions, runTool } from './run-tool.js';
import { type ArchNames, archNames } from './target-arch.js';
import { toolMissing } from './tool-missing.js';
import { type VmlinuxOptions, vmlinuxHeaderDir } from './vmlinux-header.js';

/** How a source is compiled. */
export interface CompileOptions extends VmlinuxOptions {
  /** Where the object and temporary files are made; private to this build. */
  readonly tempDir: string;
  /** Folders for `#include <...>`, below `tempDir`. */
  readonly headerDirs: readonly string[];
  /** Architecture by Node's name for it. */
  readonly arch: string;
  /** Structs whose types the object must carry even if nothing in it refers to them. */
  readonly structs: readonly string[];
  /** Whether clang colours its messages. */
  readonly color: boolean;
}

/** An object and what clang said while it made it. */
export interface CompiledObject {
  readonly object: Uint8Array;
  /** clang's warnings as it wrote them; empty where it had none. */
  readonly diagnostics: string;
}

/**
 * Compiles a project's source into a stripped eBPF object with BTF. The same files give the same bytes in any directory.
 * No flags come from the project: what a source can make clang do is read files.
 * @throws EBPM_BUILD_COMPILE_FAILED with clang's messages in data.diagnostics, EBPM_TOOL_MISSING, EBPM_BUILD_TOOL_FAILED, and the
 *   errors of vmlinuxHeaderDir
 */
export async function compileObject(project: Project, options: CompileOptions): Promise<CompiledObject> {
  const arch = archNames(options.arch);
  const tools = await findCompilerTools(options.searchPath, options);
  const includes = [...headerIncludes(options), ...(await typeIncludes(project, options))];
  const pins = join(options.tempDir, 'pins.h');
  await writeFile(pins, pinsOf(options.structs));
  const object = join(options.tempDir, `${project.stem}.bpf.o`);
  const source = sourceArgument(project);
  const prefix = source.slice(0, -project.sourcePath.length);
  const args = [...flags(arch, prefix, options.color), ...includes, '-include', pins, '-c', '-o', object, source];
  const diagnostics = await runClang(tools, args, source, options);
  await strip(tools, object, options);
  return { object: await readLimited(object, MAX_FILE_BYTES), diagnostics };
}

/** The source as the user would write it. A name that clang would take for a flag or a file of flags must not look like one. */
function sourceArgument({ dir, sourcePath }: Project): string {
  const path = join(dir, sourcePath);
  return /^[-@]/.test(path) ? `./${path}` : path;
}

function flags(arch: ArchNames, prefix: string, color: boolean): readonly string[] {
  return [
    // LLVM copies the source's lines into BTF, for the verifier's log. It takes them from the debug information where that holds
    // the source (DWARF 5), else from the file of that name below wherever the user stands, which may be another one or none.
    '-gdwarf-5',
    '-gembed-source',
    '-O2',
    '-Wall',
    // vmlinux.h of a newer kernel may have attributes that an older clang does not know.
    '-Wno-unknown-attributes',
    '-std=gnu17',
    '-target',
    'bpf',
    // Fixed, since the default depends on clang's version; v3 has the atomic operations that give back the old value.
    '-mcpu=v3',
    `-D__TARGET_ARCH_${arch.libbpf}`,
    // Distributions that turn it on for everything break eBPF, which has no such runtime.
    '-fno-stack-protector',
    // Line information, which stays in the object, and __FILE__ name files from the project's directory on.
    '-fdebug-compilation-dir=.',
    '-ffile-prefix-map=/usr/include/=',
    ...(prefix === '' ? [] : [`-ffile-prefix-map=${prefix}=`]),
    '-idirafter',
    `/usr/include/${arch.multiarch}`,
    ...(color ? ['-fcolor-diagnostics'] : []),
  ];
}

/** The headers of other packages, whose warnings are theirs. Where they lie for this build is left out of the object. */
function headerIncludes({ headerDirs, tempDir }: CompileOptions): readonly string[] {
  if (headerDirs.length === 0) return [];
  return [`-ffile-prefix-map=${tempDir}/=`, ...headerDirs.flatMap((dir) => ['-isystem', dir])];
}

/** vmlinux.h of the project itself if it has one, else the one of a kernel. Its own warnings are nobody's concern: -isystem. */
async function typeIncludes(project: Project, options: CompileOptions): Promise<readonly string[]> {
  const own = join(project.dir, dirname(project.sourcePath), 'vmlinux.h');
  return (await isFile(own)) ? [] : ['-isystem', await vmlinuxHeaderDir(options)];
}

/**
 * clang leaves a struct out of BTF when only local variables use it, which is how most programs use their event's. A pointer keeps
 * it in. The name is that of eunomia-bpf's compiler, so loaders hide it; unlike there it is static and constant, so it is in
 * no list of variables and makes no `.bss` map.
 */
function pinsOf(structs: readonly string[]): string {
  const pins = structs.map(
    (name) =>
      `struct ${name};\nstatic const volatile struct ${name} *const __eunomia_dummy_${name}_ptr __attribute__((used));\n`,
  );
  return pins.join('');
}

async function runClang(
  { clang }: CompilerTools,
  args: readonly string[],
  source: string,
  options: RunOptions,
): Promise<string> {
  const { exitCode, stderr } = await runTool(clang, args, options);
  if (exitCode === 0) return stderr;
  const header = /fatal error: .*'(bpf\/\w+\.h)' file not found/.exec(stderr)?.[1];
  if (header !== undefined) throw toolMissing(header, 'libbpf-dev', undefined, { diagnostics: stderr });
  throw new EbpmError('EBPM_BUILD_COMPILE_FAILED', `Cannot compile "${source}": clang refuses it`, {
    data: { source, exitCode, diagnostics: stderr },
  });
}

/** Takes the DWARF out, which is most of the bytes and names directories; BTF stays. */
async function strip({ llvmStrip }: CompilerTools, object: string, options: RunOptions): Promise<void> {
  const { exitCode, stderr } = await runTool(llvmStrip, ['-g', object], options);
  if (exitCode === 0) return;
  throw new EbpmError('EBPM_BUILD_TOOL_FAILED', `Cannot strip the object: llvm-strip refuses it`, {
    data: { tool: llvmStrip, exitCode, diagnostics: stderr },
  });
}
