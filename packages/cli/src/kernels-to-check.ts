import { basename, join } from 'node:path';
import { readBtfFile } from '@ebpm/runner';
import type { Context } from './context.js';

/** A kernel that a package is checked for, of which only the BTF is known. */
export interface KernelToCheck {
  /** `6.12`, or what the BTF's file is called. */
  readonly name: string;
  readonly btf: Uint8Array;
}

/**
 * The kernels that are asked for: those of lab, whose BTF is read by booting them once, and BTF files.
 * @param versions several in one word, with commas
 * @throws EBPM_BTF_FILE_UNUSABLE, and what the lab throws
 */
export async function kernelsToCheck(
  context: Context,
  { versions, files }: { readonly versions: readonly string[]; readonly files: readonly string[] },
): Promise<readonly KernelToCheck[]> {
  const fromFiles = files.map((path, index) => ({ name: fileNames(files)[index] ?? path, btf: readBtfFile(path) }));
  const words = versions.flatMap((word) => word.split(','));
  if (words.length === 0) return fromFiles;
  const { kernelBtf, parseKernelVersion } = await import('@ebpm/lab');
  const kernels: KernelToCheck[] = [];
  for (const version of new Set(words.map(parseKernelVersion))) {
    const cacheDir = join(context.cacheFolder, 'lab');
    kernels.push({ name: version, btf: await kernelBtf(version, { cacheDir }) });
  }
  return [...kernels, ...fromFiles];
}

/** Without folder and ending where that tells them apart. */
function fileNames(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => basename(path, '.btf'));
  return new Set(names).size === names.length ? names : paths;
}
