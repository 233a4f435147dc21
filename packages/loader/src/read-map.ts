import { EbpmError } from '@ebpm/formats';
import type { NativeMapEntries, NativeObject } from './binding.js';
import { findMap } from './find-map.js';
import { MAX_MAP_READ_BYTES } from './limits.js';
import { isNativeFailure } from './native-failure.js';
import { refusedAs } from './refused-as.js';

const E2BIG = 7;

/** One entry of a map. */
export interface MapEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** How a map is read. */
export interface ReadMapOptions {
  /** Removes the entries that are given, or sets them to zero in an array. Default: false. */
  readonly clear?: boolean;
}

/** All entries of a map. @throws EBPM_MAP_UNKNOWN, EBPM_MAP_UNREADABLE, EBPM_MAP_TOO_LARGE */
export function readMap(
  native: NativeObject,
  map: string,
  { clear = false }: ReadMapOptions = {},
): readonly MapEntry[] {
  findMap(native, map);
  const { count, keyBytes, valueBytes, keys, values } = readEntries(native, map, clear);
  return Array.from({ length: count }, (_, index) => ({
    key: keys.subarray(index * keyBytes, (index + 1) * keyBytes),
    value: values.subarray(index * valueBytes, (index + 1) * valueBytes),
  }));
}

function readEntries(native: NativeObject, map: string, clear: boolean): NativeMapEntries {
  return refusedAs('EBPM_MAP_UNREADABLE', `Cannot read map "${map}"`, () => {
    try {
      return native.readMap(map, MAX_MAP_READ_BYTES, clear);
    } catch (error) {
      if (!isNativeFailure(error) || error.errno !== E2BIG) throw error;
      const reason = `it holds more than ${MAX_MAP_READ_BYTES} bytes`;
      throw new EbpmError('EBPM_MAP_TOO_LARGE', `Cannot read map "${map}": ${reason}`, { cause: error });
    }
  });
}
