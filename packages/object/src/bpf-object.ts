import type { Btf } from './btf.js';
import type { BtfLinkage } from './btf-type.js';

/** A program of an object: one function with global linkage in an executable section that is not `.text`. */
export interface BpfProgram {
  readonly name: string;
  /** The ELF section name, e.g. `tp/sched/sched_process_exec`. */
  readonly section: string;
  readonly sectionIndex: number;
  readonly offsetBytes: number;
  /** Instructions of 8 bytes. */
  readonly instructionCount: number;
}

/** A map that the source declares in `SEC(".maps")`. Internal maps of data sections are under `dataSections`. */
export interface BpfMap {
  readonly name: string;
  /** BPF_MAP_TYPE_* number. */
  readonly type: number;
  /** 0 where the definition leaves it out. */
  readonly keySizeBytes: number;
  readonly valueSizeBytes: number;
  readonly maxEntries: number;
  readonly flags: number;
  /** BTF ids of key and value where the definition names types. */
  readonly keyTypeId: number | undefined;
  readonly valueTypeId: number | undefined;
  /** LIBBPF_PIN_*: 0 none, 1 by name. */
  readonly pinning: number;
}

/** A global variable, from BTF. */
export interface DataVariable {
  readonly name: string;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  readonly typeId: number;
  readonly linkage: BtfLinkage;
}

/** A data section that becomes an internal map: `.rodata`, `.data`, `.bss` and their `.rodata.*`, `.data.*`, `.bss.*`. */
export interface DataSection {
  readonly name: string;
  readonly sizeBytes: number;
  /** Initial bytes; undefined for `.bss`, which is all zeros. */
  readonly bytes: Uint8Array | undefined;
  /** In order of offset; empty where the section has no BTF (string literals). */
  readonly variables: readonly DataVariable[];
}

/** Everything that an eBPF object says about itself. */
export interface BpfObject {
  readonly programs: readonly BpfProgram[];
  readonly maps: readonly BpfMap[];
  readonly dataSections: readonly DataSection[];
  /** The text of the `license` section. */
  readonly license: string | undefined;
  /** Types; undefined where the object has no `.BTF`. */
  readonly btf: Btf | undefined;
  readonly hasBtfExt: boolean;
}
