import type { MapFacts } from '@ebpm/formats';
import type { BpfMapDefinition, BpfObject } from '../bpf-object.js';
import { mapTypeName } from '../map-types.js';
import { mapMemory } from './map-memory.js';

/** BPF_MAP_TYPE_ARRAY, which data sections become. */
const ARRAY = 2;

/** LIBBPF_PIN_NONE. */
const NOT_PINNED = 0;

/** The maps of an object, and after them its data sections, which are maps too. */
export function mapFacts({ maps, dataSections }: BpfObject): MapFacts[] {
  return [
    ...maps.map((map) => ({
      name: map.name,
      ...definitionFacts(map),
      ...(map.inner !== undefined && { inner: mapTypeName(map.inner.type) }),
      pinned: map.pinning !== NOT_PINNED,
    })),
    ...dataSections.map(({ name, sizeBytes }) => ({
      name,
      ...definitionFacts({ ...DATA_MAP, valueSizeBytes: sizeBytes }),
      pinned: false,
    })),
  ];
}

const DATA_MAP: BpfMapDefinition = {
  type: ARRAY,
  keySizeBytes: 4,
  valueSizeBytes: 0,
  maxEntries: 1,
  flags: 0,
  numaNode: 0,
  extra: 0n,
  keyTypeId: undefined,
  valueTypeId: undefined,
};

function definitionFacts(map: BpfMapDefinition): Omit<MapFacts, 'name' | 'pinned'> {
  const { type, keySizeBytes, valueSizeBytes, maxEntries, flags } = map;
  const memory = mapMemory(map);
  return {
    type: mapTypeName(type),
    keySizeBytes,
    valueSizeBytes,
    maxEntries,
    flags,
    ...(memory !== undefined && { memoryBytes: memory.bytes }),
    ...(memory !== undefined && memory.perCpuBytes > 0 && { memoryPerCpuBytes: memory.perCpuBytes }),
  };
}
