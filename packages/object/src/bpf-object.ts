import type { Btf } from './btf.js';
import type { BtfLinkage } from './btf-type.js';

/** A function with global linkage in an executable section that is not `.text`; a subprogram when it is in `.text`. */
export interface BpfProgram {
  readonly name: string;
  /** The ELF section name, e.g. `tp/sched/sched_process_exec`; a leading `?` means that it is not loaded unless asked for. */
  readonly section: string;
  readonly sectionIndex: number;
  readonly offsetBytes: number;
  /** Instructions of 8 bytes. */
  readonly instructionCount: number;
}

/** What a map is, without its name. */
export interface BpfMapDefinition {
  /** BPF_MAP_TYPE_* number. */
  readonly type: number;
  /** 0 where the definition leaves it out. */
  readonly keySizeBytes: number;
  readonly valueSizeBytes: number;
  readonly maxEntries: number;
  readonly flags: number;
  /** 0 where the definition leaves it out. */
  readonly numaNode: number;
  /** Meaning depends on the type; 0 where the definition leaves it out. */
  readonly extra: bigint;
  /** BTF ids of key and value where the definition names types. */
  readonly keyTypeId: number | undefined;
  readonly valueTypeId: number | undefined;
}

/** A map that the source declares in `SEC(".maps")`. Internal maps of data sections are under `dataSections`. */
export interface BpfMap extends BpfMapDefinition {
  readonly name: string;
  /** Where relocations find the map: its offset in `.maps`. */
  readonly offsetBytes: number;
  /** LIBBPF_PIN_*: 0 none, 1 by name. */
  readonly pinning: number;
  /** What the maps inside an array or hash of maps are, where the definition says so. */
  readonly inner: BpfMapDefinition | undefined;
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
  readonly sectionIndex: number;
  readonly sizeBytes: number;
  /** Initial bytes; undefined for `.bss`, which is all zeros. */
  readonly bytes: Uint8Array | undefined;
  /** In order of offset, not overlapping, inside the section; empty where the section has no BTF (string literals). */
  readonly variables: readonly DataVariable[];
}

/** A variable or function that libbpf finds at load: a kernel setting (`.kconfig`) or a kernel symbol (`.ksyms`). */
export interface BpfExtern {
  readonly name: string;
  readonly section: '.kconfig' | '.ksyms';
  /** Id of its `var` or `func`. */
  readonly typeId: number;
  /** Whether the object loads without it. */
  readonly weak: boolean;
}

/** The `func` of BTF that describes the function which starts at a place in the code. */
export interface FunctionType {
  readonly section: string;
  readonly offsetBytes: number;
  readonly typeId: number;
}

/** One place in the code that libbpf adapts to the layout of the running kernel's types. */
export interface CoreRelocation {
  readonly section: string;
  /** Of the instruction, in the section. */
  readonly offsetBytes: number;
  readonly kind: CoreRelocationKind;
  /** The type in the object's own BTF. */
  readonly typeId: number;
  /** Indexes of members and elements from there on, or of the enum's value; `[0]` where the type itself is meant. */
  readonly access: readonly number[];
}

/**
 * The kinds of CO-RE relocations; the index is the number.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h (enum bpf_core_relo_kind)
 */
export const CORE_RELOCATION_KINDS = [
  'field_byte_offset',
  'field_byte_size',
  'field_exists',
  'field_signed',
  'field_lshift_u64',
  'field_rshift_u64',
  'type_id_local',
  'type_id_target',
  'type_exists',
  'type_size',
  'enumval_exists',
  'enumval_value',
  'type_matches',
] as const;

/** The name of a kind of CO-RE relocation. */
export type CoreRelocationKind = (typeof CORE_RELOCATION_KINDS)[number];

/** Everything that an eBPF object says about itself. */
export interface BpfObject {
  /** In the order in which libbpf lists them: by section, then by offset. */
  readonly programs: readonly BpfProgram[];
  /** The functions of `.text`, static and global, which programs call. */
  readonly subprograms: readonly BpfProgram[];
  /** In the order in which libbpf lists them: by offset in `.maps`. */
  readonly maps: readonly BpfMap[];
  /** In order of section. */
  readonly dataSections: readonly DataSection[];
  readonly externs: readonly BpfExtern[];
  /** The text of the `license` section. */
  readonly license: string | undefined;
  /** Types; undefined where the object has no `.BTF`. */
  readonly btf: Btf | undefined;
  readonly hasBtfExt: boolean;
  readonly functionTypes: readonly FunctionType[];
  /** Where this is not empty, loading needs the kernel's BTF. */
  readonly coreRelocations: readonly CoreRelocation[];
}
