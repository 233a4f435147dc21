import { type BpfMap, mapMemory, mapTypeName, RINGBUF } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import type { Finding } from './finding.js';
import type { Host } from './host.js';
import { KTIME_GET_COARSE_NS, SOCKET_FILTER } from './memlock-trial.js';

/** Whether the kernel makes the maps of a package, of their types and like they are defined, and lets this process lock the memory. */
export function checkMaps(pkg: RunnablePackage, host: Host): readonly Finding[] {
  const { maps } = pkg.object;
  const types = [...new Set(maps.map(({ type }) => type))];
  return [
    ...types.flatMap((type) =>
      ofType(
        type,
        maps.filter((map) => map.type === type),
        host,
      ),
    ),
    ...memory(maps, host),
  ];
}

function ofType(type: number, maps: readonly BpfMap[], host: Host): readonly Finding[] {
  const names = maps.map(({ name }) => `"${name}"`);
  const about = { code: 'map_type', subject: `map ${names.join(', ')}` } as const;
  const defined = maps.map((map) => ({ map, isMade: isPlain(map) ? host.map(trialMap(map)) : undefined }));
  // libbpf does not know the newest types, but what is like the map in question is of its type.
  const hasType = defined.some(({ isMade }) => isMade === true) || host.mapType(type);
  if (hasType === undefined) return [{ ...about, ...NOT_ASKED }];
  if (!hasType) {
    const reason = 'the kernel does not have this type';
    const cure = 'Use a kernel that has this map type';
    return [{ ...about, outcome: 'missing', certainty: host.certainty, reason, cure }];
  }
  const refused = defined.filter(({ isMade }) => isMade === false);
  const ok = { ...about, outcome: 'ok', certainty: host.certainty, reason: 'the kernel has this type' } as const;
  return refused.length === 0 ? [ok] : refused.map(({ map }) => refusedMap(map, host));
}

const NOT_ASKED = { outcome: 'unknown', certainty: 'not checked', reason: 'the kernel could not be asked' } as const;

function refusedMap({ name, type }: BpfMap, host: Host): Finding {
  const reason = `the kernel has the type ${mapTypeName(type)}, and makes no map of it with these sizes and flags`;
  const cure = 'Use a kernel that takes them, or a version of the package that asks for others';
  return {
    code: 'map_definition',
    subject: `map "${name}"`,
    outcome: 'missing',
    certainty: host.certainty,
    reason,
    cure,
  };
}

/**
 * Types whose maps the kernel makes from four numbers alone; by BPF_MAP_TYPE_* number. For others it wants types, other maps, or a place to
 * hang them on.
 */
const PLAIN: ReadonlySet<number> = new Set([1, 2, 5, 6, 9, 10, 11, 22, 23, 27, 30, 31, 33]);

const USER_RINGBUF = 31;
const BLOOM_FILTER = 30;

/** Types with a lock or a timer in them are the verifier's; what libbpf sets itself is left to it. */
function isPlain({ type, inner, valueTypeId, maxEntries }: BpfMap): boolean {
  return PLAIN.has(type) && inner === undefined && maxEntries > 0 && valueTypeId === undefined;
}

/** With as few entries as can be: nothing is to be locked for it. */
function trialMap({ type, keySizeBytes, valueSizeBytes, flags }: BpfMap) {
  const isRing = type === RINGBUF || type === USER_RINGBUF;
  const maxEntries = isRing ? PAGE_BYTES : type === BLOOM_FILTER ? 8 : 1;
  return { type, keySizeBytes, valueSizeBytes, maxEntries, flags };
}

/** The largest page that kernels for eBPF use. */
const PAGE_BYTES = 65_536;

/** Before Linux 5.11 maps count against RLIMIT_MEMLOCK, which libbpf raises where it may. */
function memory(maps: readonly BpfMap[], host: Host): readonly Finding[] {
  const limit = host.memlockBytes();
  const isCounted = host.callHelper(SOCKET_FILTER, KTIME_GET_COARSE_NS)?.allowed === false;
  if (!isCounted || limit === undefined || host.capabilities?.has('CAP_SYS_RESOURCE') !== false) return [];
  const needed = maps.reduce((sum, map) => sum + (mapMemory(map)?.bytes ?? 0), 0);
  if (needed <= limit) return [];
  const reason = `its maps lock up to ${needed} bytes, and this process may lock ${limit}`;
  const cure = 'Raise the limit: ulimit -l unlimited, or run it with CAP_SYS_RESOURCE';
  return [{ code: 'memory', subject: 'memory', outcome: 'missing', certainty: 'inferred', reason, cure }];
}
