import { EbpmError } from '@ebpm/formats';
import type { NativeObject } from './binding.js';
import type { MapInfo } from './object-info.js';

/** A map by libbpf's name, or by the section for the map of a data section. @throws EBPM_MAP_UNKNOWN */
export function findMap(native: NativeObject, name: string): MapInfo {
  const map = native.map(name);
  if (map !== undefined) return map;
  const names = native.maps().map((known) => `"${known.name}"`);
  const hint = names.length === 0 ? 'the object has no maps' : `the object has ${names.join(', ')}`;
  throw new EbpmError('EBPM_MAP_UNKNOWN', `Cannot find map "${name}": the object has no map of that name`, { hint });
}
