import { EbpmError, type Manifest, readPackageContent, type TarFile } from '@ebpm/formats';
import { programKind, readObject } from '@ebpm/object';
import { ENTRY_LIMITS } from '../limits-log.js';

/** The entry of a manifest that names none. */
const DEFAULT_ENTRY = 'package.json';

/**
 * libbpf's names of the sections that the programs of a package are in, sorted. What cannot be read has none: whether a package can be
 * run is for those to say who run it.
 */
export function readSections({ entry = DEFAULT_ENTRY }: Manifest, files: readonly TarFile[]): string[] {
  const paths = new Set(typeof entry === 'string' ? [entry] : entry.map(({ file }) => file));
  const sections = files.filter(({ path }) => paths.has(path)).flatMap(sectionsIn);
  return [...new Set(sections)].sort().slice(0, ENTRY_LIMITS.sections);
}

function sectionsIn({ path, bytes }: TarFile): string[] {
  try {
    const content = readPackageContent(bytes, path);
    if (content.kind === 'skel') return [];
    return readObject(content.object).programs.flatMap(({ section }) => programKind(section)?.prefix ?? []);
  } catch (error) {
    if (error instanceof EbpmError) return [];
    throw error;
  }
}
