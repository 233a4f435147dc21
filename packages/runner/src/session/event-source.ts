import { type RecordType, recordType } from '@ebpm/events';
import { EbpmError, type EunomiaMeta } from '@ebpm/formats';
import type { BpfMap } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';

/** The map that a package's events come through, and what they look like. */
export interface EventSource {
  readonly map: BpfMap;
  readonly type: RecordType;
  /** Whether the kernel counts what it drops: it does for perf buffers, not for ring buffers. */
  readonly countsLosses: boolean;
}

/**
 * BPF_MAP_TYPE_PERF_EVENT_ARRAY and BPF_MAP_TYPE_RINGBUF.
 * @see https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/bpf.h enum bpf_map_type
 */
const PERF_EVENT_ARRAY = 4;
const RINGBUF = 27;

/**
 * Where a package's events come from. Of several event maps the last one counts, as in eunomia-bpf's loader;
 * undefined when the object has none.
 *
 * @throws EBPM_EVENT_TYPE_MISSING, EBPM_PACKAGE_INCONSISTENT, EBPM_RUN_UNSUPPORTED
 */
export function eventSource(pkg: RunnablePackage): EventSource | undefined {
  refuseUnsupported(pkg);
  const map = pkg.meta.bpf_skel.maps
    .map((described) => objectMap(pkg, described.name, described.ident))
    .findLast((candidate) => candidate?.type === PERF_EVENT_ARRAY || candidate?.type === RINGBUF);
  if (map === undefined) return undefined;
  return { map, type: exportedType(pkg, map), countsLosses: map.type === PERF_EVENT_ARRAY };
}

function refuseUnsupported(pkg: RunnablePackage): void {
  const sampled = pkg.meta.bpf_skel.maps.find((map) => map.sample !== undefined);
  const wish = sampled !== undefined ? `samples map "${sampled.name}"` : undefined;
  const several = pkg.meta.enable_multiple_export_types === true ? 'exports several types of event' : undefined;
  const what = wish ?? several;
  if (what === undefined) return;
  throw new EbpmError(
    'EBPM_RUN_UNSUPPORTED',
    `Cannot run "${pkg.name}": it ${what}, which this version of ebpm cannot show`,
  );
}

/** Internal maps of data sections are in the metadata too, under libbpf's name for them: they are no `BpfMap`. */
function objectMap(pkg: RunnablePackage, name: string, ident: string): BpfMap | undefined {
  const map = pkg.object.maps.find((candidate) => candidate.name === name);
  if (map !== undefined) return map;
  const isInternal = pkg.object.dataSections.some((section) => section.name.slice(1).replaceAll('.', '_') === ident);
  if (isInternal) return undefined;
  throw inconsistent(pkg, `its metadata names map "${name}", which its object does not have`);
}

function exportedType(pkg: RunnablePackage, map: BpfMap): RecordType {
  const [exported] = pkg.meta.export_types;
  if (exported === undefined) {
    throw new EbpmError(
      'EBPM_EVENT_TYPE_MISSING',
      `Cannot show the events of map "${map.name}": the package does not say of which struct they are`,
      { hint: 'Build it again with the header that declares the struct of its events' },
    );
  }
  const { btf } = pkg.object;
  if (btf === undefined) throw inconsistent(pkg, 'it names an event type, and its object has no BTF');
  checkExportedType(pkg, exported);
  return recordType(btf, exported.type_id);
}

function checkExportedType(pkg: RunnablePackage, exported: EunomiaMeta['export_types'][number]): void {
  const { btf } = pkg.object;
  const type = exported.type_id < (btf?.count ?? 0) ? btf?.type(exported.type_id) : undefined;
  if (type?.kind !== 'struct' || type.name !== exported.name) {
    throw inconsistent(pkg, `type ${exported.type_id} of its object is not "struct ${exported.name}"`);
  }
  if (type.members.length !== exported.members.length) {
    throw inconsistent(
      pkg,
      `"struct ${exported.name}" has ${type.members.length} members in its object and ${exported.members.length} in its metadata`,
    );
  }
}

function inconsistent(pkg: RunnablePackage, reason: string): EbpmError {
  return new EbpmError('EBPM_PACKAGE_INCONSISTENT', `Cannot run "${pkg.name}": ${reason}`);
}
