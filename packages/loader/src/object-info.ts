/** A program of an object, as libbpf sees it. */
export interface ProgramInfo {
  readonly name: string;
  /** The ELF section, e.g. `tp/sched/sched_process_exec`. */
  readonly section: string;
  /** BPF_PROG_TYPE_* number; 0 where the section says nothing. */
  readonly type: number;
  /** Whether it is loaded and attached; false at first for sections that start with `?`. */
  readonly autoload: boolean;
}

/** A map of an object, as libbpf sees it. */
export interface MapInfo {
  /** The kernel's name; that of a data section's map starts with a part of the object's name: `sigsnoop.rodata`. */
  readonly name: string;
  /** BPF_MAP_TYPE_* number. */
  readonly type: number;
  readonly keySizeBytes: number;
  readonly valueSizeBytes: number;
  /** 0 where libbpf sets it on loading, as for perf event arrays. */
  readonly maxEntries: number;
  /** Whether it holds a data section (.rodata, .data, .bss, .kconfig). */
  readonly internal: boolean;
}
