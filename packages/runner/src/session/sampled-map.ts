import {
  createPrinter,
  histogramPrinter,
  type KeyValueMap,
  keyValueColumns,
  keyValueType,
  type Printer,
  type PrinterKind,
  type PrinterOptions,
  type RecordType,
} from '@ebpm/events';
import type { EunomiaSample } from '@ebpm/formats';
import type { BpfMap } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import { type DescribedMap, describedMaps } from './described-maps.js';
import { configuredType, exportedType } from './exported-type.js';
import { inconsistent } from './inconsistent.js';
import type { StreamOptions } from './stream.js';

/** A map whose entries are shown at an interval. */
export interface SampledMap {
  readonly map: BpfMap;
  /** What an entry looks like as a record. */
  readonly type: RecordType;
  readonly sample: EunomiaSample;
  readonly perCpu: boolean;
}

/**
 * BPF_MAP_TYPE_* of maps with a value for each CPU: PERCPU_HASH, PERCPU_ARRAY, LRU_PERCPU_HASH, PERCPU_CGROUP_STORAGE.
 * @see https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/bpf.h enum bpf_map_type
 */
const PER_CPU: ReadonlySet<number> = new Set([5, 6, 10, 21]);

/**
 * The maps that a package samples: all that say so, or with `enable_multiple_export_types` those of them that also have an
 * `export_config`.
 *
 * @throws EBPM_PACKAGE_INCONSISTENT, the codes of `keyValueType`
 */
export function sampledMaps(pkg: RunnablePackage, { perCpu }: Pick<StreamOptions, 'perCpu'>): readonly SampledMap[] {
  const several = pkg.meta.enable_multiple_export_types === true;
  return describedMaps(pkg).flatMap((candidate) => {
    const { map, described } = candidate;
    if (described.sample === undefined) return [];
    if (several && (described.export_config ?? 'no_export') === 'no_export') return [];
    if (map.keySizeBytes === 0 || map.valueSizeBytes === 0) {
      throw inconsistent(pkg, `it samples map "${map.name}", which has no entries to look up`);
    }
    const isPerCpu = PER_CPU.has(map.type);
    const type = keyValueType(pkg.object.btf, keyValueMap(pkg, candidate), { cpu: isPerCpu && perCpu === 'split' });
    return [{ map, type, sample: described.sample, perCpu: isPerCpu }];
  });
}

/** How the entries of a sampled map are shown; the defaults are those of the package's format. */
export interface SampleLook {
  readonly type?: EunomiaSample['type'] | undefined;
  readonly unit?: string | undefined;
  readonly base?: number | undefined;
  readonly step?: number | undefined;
}

/** Makes the printer of a sampled map without stacks. @throws EBPM_EVENT_TYPE_INVALID when no histogram can be drawn of it */
export function sampledPrinter(
  { type, sample }: { readonly type: RecordType; readonly sample: SampleLook },
  output: PrinterKind,
  printing: PrinterOptions = {},
): Printer {
  const { type: shape = 'default_kv', unit = '(unit)', base, step } = sample;
  if (output === 'json') return createPrinter(output, type, printing);
  if (output === 'table' && shape !== 'default_kv') {
    const scale = shape === 'log2_hist' ? ({ kind: 'log2' } as const) : ({ kind: 'linear', base, step } as const);
    return histogramPrinter(type, { scale, unit }, printing);
  }
  return createPrinter(output, keyValueColumns(type), printing);
}

function keyValueMap(pkg: RunnablePackage, candidate: DescribedMap): KeyValueMap {
  const { map } = candidate;
  const valueType = configuredType(pkg, candidate) ?? statedType(pkg, map);
  if (valueType !== undefined && valueType.sizeBytes > map.valueSizeBytes) {
    throw inconsistent(
      pkg,
      `values of map "${map.name}" have ${map.valueSizeBytes} bytes and their type ${valueType.sizeBytes}`,
    );
  }
  return { ...map, valueType };
}

/** Where the map's definition has only sizes, the struct that the package exports is taken if it has the value's size. */
function statedType(pkg: RunnablePackage, map: BpfMap): RecordType | undefined {
  const [exported] = pkg.meta.export_types;
  const isIt = map.valueTypeId === undefined && exported !== undefined && exported.size === map.valueSizeBytes;
  return isIt ? exportedType(pkg, map) : undefined;
}
