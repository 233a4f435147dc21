import type { OpenBtf } from '@ebpm/object';
import type { Host } from '../src/check/host.js';

/** A machine that has all that is asked of it. @param types of its kernel */
export function ableHost(types: () => OpenBtf | undefined): Host {
  return {
    certainty: 'probed',
    btf: types,
    moduleBtfs: () => [],
    settings: () => new Map(),
    config: () => new Map(),
    hasTracepoint: () => true,
    tracepointFormat: () => undefined,
    hasFunction: () => true,
    hasSymbol: () => true,
    hasTraceable: () => true,
    isForbidden: () => false,
    hasFile: () => true,
    hasUserFunction: () => true,
    programType: () => true,
    mapType: () => true,
    map: () => true,
    callHelper: () => ({ allowed: true }),
    callKernelFunction: () => ({ allowed: true }),
    attachable: () => ({ allowed: true }),
    feature: () => ({ supported: true, proof: 'it was there' }),
    tracing: { tracefs: true, kprobes: true, uprobes: true },
    capabilities: new Set(['CAP_SYS_ADMIN', 'CAP_DAC_READ_SEARCH']),
    lockdown: () => 'none',
    memlockBytes: () => undefined,
  };
}
