export type { BpfMap, BpfObject, BpfProgram, DataSection, DataVariable } from './bpf-object.js';
export type { Btf } from './btf.js';
export * from './btf-type.js';
