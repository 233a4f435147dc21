import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TarFile } from '@ebpm/formats';

/** A package with headers for others. */
export interface HeaderPackage {
  readonly name: string;
  /** By their paths below its `include/`, which were checked to stay below it. */
  readonly files: readonly TarFile[];
}

/** Writes the headers of packages for clang to find; gives the folder of each, named after it. */
export async function writeHeaders(dir: string, packages: readonly HeaderPackage[]): Promise<readonly string[]> {
  for (const { name, files } of packages) {
    for (const { path, bytes } of files) {
      await mkdir(dirname(join(dir, name, path)), { recursive: true });
      await writeFile(join(dir, name, path), bytes);
    }
  }
  return packages.map(({ name }) => join(dir, name));
}
