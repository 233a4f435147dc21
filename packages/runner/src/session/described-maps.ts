import type { EunomiaMap } from '@ebpm/formats';
import type { BpfMap } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import { inconsistent } from './inconsistent.js';

/** A map of the object, and what the package says of it. */
export interface DescribedMap {
  readonly map: BpfMap;
  readonly described: EunomiaMap;
}

/**
 * The maps that a package's metadata names, in its order. Internal maps of data sections are in the metadata too, under libbpf's name for
 * them: they are left out.
 *
 * @throws EBPM_PACKAGE_INCONSISTENT
 */
export function describedMaps(pkg: RunnablePackage): readonly DescribedMap[] {
  return pkg.meta.bpf_skel.maps.flatMap((described) => {
    const map = pkg.object.maps.find(({ name }) => name === described.name);
    if (map !== undefined) return [{ map, described }];
    const isInternal = pkg.object.dataSections.some(
      (section) => section.name.slice(1).replaceAll('.', '_') === described.ident,
    );
    if (isInternal) return [];
    throw inconsistent(pkg, `its metadata names map "${described.name}", which its object does not have`);
  });
}
