import { type BpfMap, carriesEvents, outputCalls, PERF_EVENT_ARRAY } from '@ebpm/object';
import type { UnreadBuffer } from '../ledger/make-ledger.js';
import type { RunnablePackage } from '../runnable-package.js';

/**
 * The buffers that programs send events into and no stream reads, though the package does not say that they are kept back: it names another
 * map or none. With `enable_multiple_export_types` it says that of every map that it names.
 */
export function unreadBuffers(pkg: RunnablePackage, shown: readonly string[]): readonly UnreadBuffer[] {
  const { enable_multiple_export_types: saysOfEach, bpf_skel } = pkg.meta;
  const keptBack = saysOfEach === true ? bpf_skel.maps.map(({ name }) => name) : [];
  const unread = pkg.object.maps.filter(
    (map) => carriesEvents(map) && !shown.includes(map.name) && !keptBack.includes(map.name),
  );
  return unread.flatMap((map): readonly UnreadBuffer[] => {
    if (map.type !== PERF_EVENT_ARRAY) return [{ map: map.name, buffer: 'ring buffer' }];
    return isSentTo(pkg, map) ? [{ map: map.name, buffer: 'perf buffer' }] : [];
  });
}

/** Perf event arrays hold counters as well, which programs only read. */
function isSentTo({ checked, object }: RunnablePackage, { name }: BpfMap): boolean {
  return outputCalls(checked.bytes, object.maps).some(({ map }) => map === name);
}
