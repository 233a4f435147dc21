import { open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { type ElfDependencies, type ReadAt, readElfDependencies } from './elf-dependencies.js';
import type { HostFile } from './guest-tree.js';

/** The host's libraries, path by name, as its dynamic loader finds them. */
export type SystemLibraries = ReadonlyMap<string, string>;

/** Where Debian's dynamic loader looks without a cache. The guest has none, so all libraries go there, by name. */
const GUEST_LIBRARIES = '/lib/x86_64-linux-gnu';

/**
 * Finds the shared libraries that some files need to run, those that these need, and so on: host files by their path in the guest.
 * A library that the host lacks is left out; the guest's loader will name it. Of two libraries with one name the first found wins.
 */
export async function libraryClosure(
  files: readonly (Uint8Array | HostFile)[],
  system: SystemLibraries,
): Promise<ReadonlyMap<string, HostFile>> {
  const libraries = new Map<string, HostFile>();
  const queue = [...files];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const dependencies = await readDependencies(file);
    if (dependencies === undefined) continue;
    const origin = file instanceof Uint8Array ? undefined : dirname(await realpath(file.hostPath));
    for (const [guestPath, candidates] of wanted(dependencies, origin, system)) {
      const library = libraries.has(guestPath) ? undefined : await firstFile(candidates);
      if (library === undefined) continue;
      libraries.set(guestPath, library);
      queue.push(library);
    }
  }
  return libraries;
}

/** Reads what `ldconfig -p` prints: `\tlibz.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libz.so.1`. The first of a name wins. */
export function readLdconfig(text: string): SystemLibraries {
  const libraries = new Map<string, string>();
  for (const [, name, path] of text.matchAll(/^\t(\S+) \(libc6,x86-64(?:, OS ABI: [^)]*)?\) => (\/.+)$/gm)) {
    if (name !== undefined && path !== undefined && !libraries.has(name)) libraries.set(name, path);
  }
  return libraries;
}

/** The guest path of each file that is asked for, with the host paths to try. */
function wanted(
  dependencies: ElfDependencies,
  origin: string | undefined,
  system: SystemLibraries,
): [guestPath: string, candidates: string[]][] {
  const folders = dependencies.searchPath
    .map((folder) => (origin === undefined ? folder : folder.replace(/^\$(ORIGIN|\{ORIGIN\})/, origin)))
    .filter((folder) => isAbsolute(folder));
  const libraries = dependencies.needed.map((name): [string, string[]] => {
    const fromSystem = system.get(name);
    // A name with a slash is a path, taken as it is (ld.so(8)).
    const paths = name.includes('/') ? [name] : folders.map((folder) => join(folder, name));
    return [join(GUEST_LIBRARIES, basename(name)), fromSystem === undefined ? paths : [...paths, fromSystem]];
  });
  const { interpreter } = dependencies;
  return interpreter === undefined || !isAbsolute(interpreter)
    ? libraries
    : [[join(interpreter), [interpreter]], ...libraries];
}

async function firstFile(paths: readonly string[]): Promise<HostFile | undefined> {
  for (const hostPath of paths) {
    const found = await stat(hostPath).catch(() => undefined);
    if (found?.isFile()) return { hostPath, sizeBytes: found.size };
  }
  return undefined;
}

async function readDependencies(file: Uint8Array | HostFile): Promise<ElfDependencies | undefined> {
  if (file instanceof Uint8Array) {
    return readElfDependencies(async (offset, length) => file.subarray(offset, offset + length));
  }
  const handle = await open(file.hostPath);
  const readAt: ReadAt = async (offset, length) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
  return readElfDependencies(readAt).finally(() => handle.close());
}
