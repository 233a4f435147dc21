import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { isFile } from './is-file.js';
import { type RunOptions, runTool } from './run-tool.js';
import { toolMissing } from './tool-missing.js';

/** The two tools that make an object. */
export interface CompilerTools {
  readonly clang: string;
  readonly llvmStrip: string;
}

/** The oldest clang that the build is tested with; Debian 12 has it. */
const OLDEST_CLANG = 14;

// Where administrators' tools lie, which is not in the PATH of ordinary users on Debian.
const ADMIN_DIRS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * Finds clang and llvm-strip under their own names or with a version behind (`clang-19`), the plain names first.
 * @param searchPath Directories as in PATH; those that are not absolute are left out.
 * @throws EBPM_TOOL_MISSING
 */
export async function findCompilerTools(searchPath: string, options: RunOptions = {}): Promise<CompilerTools> {
  const clang = await findClang(searchPath, options);
  const [llvmStrip] = await candidates(searchDirs(searchPath), 'llvm-strip');
  if (llvmStrip === undefined) throw toolMissing('llvm-strip', 'llvm');
  return { clang, llvmStrip };
}

/**
 * Finds bpftool, in the administrators' directories too.
 * @throws EBPM_TOOL_MISSING
 */
export async function findBpftool(searchPath: string): Promise<string> {
  for (const dir of [...searchDirs(searchPath), ...ADMIN_DIRS]) {
    const path = join(dir, 'bpftool');
    if (await isExecutable(path)) return path;
  }
  throw toolMissing('bpftool', 'bpftool');
}

/** Finds clang alone. @throws EBPM_TOOL_MISSING */
export async function findClang(searchPath: string, options: RunOptions = {}): Promise<string> {
  const old: string[] = [];
  for (const path of await candidates(searchDirs(searchPath), 'clang')) {
    const { stdout } = await runTool(path, ['--version'], options);
    const major = Number(/clang version (\d+)/.exec(stdout)?.[1] ?? 0);
    if (major >= OLDEST_CLANG) return path;
    old.push(`"${path}" is version ${major}`);
  }
  throw toolMissing('clang', 'clang', `${old[0] ?? '"clang" is not installed'}, wanted ${OLDEST_CLANG} or later`);
}

/** Paths of a tool in the order to try them: the plain name, then versions from the newest down. */
async function candidates(dirs: readonly string[], name: string): Promise<readonly string[]> {
  const found: { path: string; version: number }[] = [];
  for (const dir of dirs) {
    for (const entry of await entriesOf(dir)) {
      const version = versionBehind(entry, name);
      const path = join(dir, entry);
      if (version !== undefined && (await isExecutable(path))) found.push({ path, version });
    }
  }
  return found.sort((a, b) => b.version - a.version).map(({ path }) => path);
}

function versionBehind(entry: string, name: string): number | undefined {
  if (entry === name) return Number.MAX_SAFE_INTEGER;
  const version = entry.startsWith(`${name}-`) ? entry.slice(name.length + 1) : '';
  return /^\d{1,3}$/.test(version) ? Number(version) : undefined;
}

/** The absolute directories of a PATH, each once. */
export function searchDirs(searchPath: string): readonly string[] {
  return [...new Set(searchPath.split(delimiter).filter(isAbsolute))];
}

async function entriesOf(dir: string): Promise<readonly string[]> {
  // A directory of PATH that is missing or closed to us is none to search.
  return await readdir(dir).catch(() => []);
}

async function isExecutable(path: string): Promise<boolean> {
  return (
    (await isFile(path)) &&
    (await access(path, constants.X_OK).then(
      () => true,
      () => false,
    ))
  );
}
