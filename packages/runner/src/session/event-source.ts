import {
  embeddedStacks,
  type RecordType,
  STACK_FIELD_NAMES,
  type StackFieldNames,
  type StackReader,
} from '@ebpm/events';
import { EbpmError, type EunomiaMap } from '@ebpm/formats';
import { type BpfMap, carriesEvents, PERF_EVENT_ARRAY } from '@ebpm/object';
import { missingEventType } from '../inputs/event-types.js';
import type { RunnablePackage } from '../runnable-package.js';
import { type DescribedMap, describedMaps } from './described-maps.js';
import { configuredType, exportedType } from './exported-type.js';

/** A map that a package's events come through, and what they look like. */
export interface EventSource {
  readonly map: BpfMap;
  readonly type: RecordType;
  /** Whether the kernel counts what it drops: it does for perf buffers, not for ring buffers. */
  readonly countsLosses: boolean;
  /** Where the events hold stacks, if the package says that they do. */
  readonly stacks: EventStacks | undefined;
}

/** The stacks of events. */
export interface EventStacks {
  readonly reader: StackReader;
  /** The fields that hold them. */
  readonly fields: StackFieldNames;
  readonly withSymbols: boolean;
}

/**
 * Where a package's events come from. Of several event maps the last one counts, as in eunomia-bpf's loader, unless the package has
 * `enable_multiple_export_types`: then each map does whose `export_config` gives a type. Empty when the object has none.
 *
 * @throws EBPM_EVENT_TYPE_MISSING, EBPM_PACKAGE_INCONSISTENT, the codes of `recordType`, `customRecordType` and `embeddedStacks`
 */
export function eventSources(pkg: RunnablePackage): readonly EventSource[] {
  const [untyped] = pkg.untypedMaps ?? [];
  if (untyped !== undefined) throw missingEventType(pkg, untyped);
  const candidates = describedMaps(pkg).filter(
    ({ map, described }) => carriesEvents(map) && described.sample === undefined,
  );
  if (pkg.meta.enable_multiple_export_types === true) {
    return candidates.filter(isExported).map((candidate) => source(candidate, ownType(pkg, candidate)));
  }
  const last = candidates.at(-1);
  return last === undefined ? [] : [source(last, exportedType(pkg, last.map))];
}

function isExported({ described }: DescribedMap): boolean {
  return (described.export_config ?? 'no_export') !== 'no_export';
}

function source({ map, described }: DescribedMap, type: RecordType): EventSource {
  return { map, type, countsLosses: map.type === PERF_EVENT_ARRAY, stacks: stacksOf(described, type) };
}

/** eunomia-bpf's key is misspelt, and so it is here. */
function stacksOf({ intepreter }: EunomiaMap, type: RecordType): EventStacks | undefined {
  if (intepreter === undefined || typeof intepreter === 'string') return undefined;
  const { field_map: names, with_symbols: withSymbols = true } = intepreter.stack_trace;
  const { pid, cpu_id, comm, kstack_sz, ustack_sz, kstack, ustack } = STACK_FIELD_NAMES;
  const fields = {
    pid: names?.pid ?? pid,
    cpu_id: names?.cpu_id ?? cpu_id,
    comm: names?.comm ?? comm,
    kstack_sz: names?.kstack_sz ?? kstack_sz,
    ustack_sz: names?.ustack_sz ?? ustack_sz,
    kstack: names?.kstack ?? kstack,
    ustack: names?.ustack ?? ustack,
  };
  return { reader: embeddedStacks(type, fields), fields, withSymbols };
}

function ownType(pkg: RunnablePackage, candidate: DescribedMap): RecordType {
  const type = configuredType(pkg, candidate);
  if (type !== undefined) return type;
  throw new EbpmError(
    'EBPM_EVENT_TYPE_MISSING',
    `Cannot show the events of map "${candidate.map.name}": its export_config is "default", which says no type`,
    { hint: 'Give it {"btf_type_id": N} or {"custom_members": [...]}; "default" is for sampled maps' },
  );
}
