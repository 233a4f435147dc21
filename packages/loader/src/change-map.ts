import type { NativeObject } from './binding.js';
import { findMap } from './find-map.js';
import type { MapEntry } from './read-map.js';
import { refusedAs } from './refused-as.js';

/** Sets entries of a map, new ones too. @throws EBPM_MAP_UNKNOWN, EBPM_MAP_UNWRITABLE */
export function updateMap(native: NativeObject, map: string, entries: readonly MapEntry[]): void {
  findMap(native, map);
  const keys = Buffer.concat(entries.map(({ key }) => key));
  const values = Buffer.concat(entries.map(({ value }) => value));
  refusedAs('EBPM_MAP_UNWRITABLE', `Cannot set entries of map "${map}"`, () => native.updateMap(map, keys, values));
}

/** Deletes entries of a map. @throws EBPM_MAP_UNKNOWN, EBPM_MAP_UNWRITABLE */
export function deleteFromMap(native: NativeObject, map: string, keys: readonly Uint8Array[]): void {
  findMap(native, map);
  refusedAs('EBPM_MAP_UNWRITABLE', `Cannot delete entries of map "${map}"`, () =>
    native.deleteKeys(map, Buffer.concat(keys)),
  );
}
