import type { Manifest, PackageFacts } from '@ebpm/formats';
import { programKind } from '@ebpm/object';
import { ENTRY_LIMITS } from '../limits-log.js';

/** The entry of a manifest that names none. */
const DEFAULT_ENTRY = 'package.json';

/**
 * libbpf's names of the sections that the programs of a package's entries are in, sorted. What cannot be read has none: whether a
 * package can be run is for those to say who run it.
 */
export function readSections({ entry = DEFAULT_ENTRY }: Manifest, { objects }: PackageFacts): string[] {
  const paths = new Set(typeof entry === 'string' ? [entry] : entry.map(({ file }) => file));
  const programs = objects.filter(({ file }) => paths.has(file)).flatMap((object) => object.programs);
  const sections = programs.flatMap(({ section }) => programKind(section)?.prefix ?? []);
  return [...new Set(sections)].sort().slice(0, ENTRY_LIMITS.sections);
}
