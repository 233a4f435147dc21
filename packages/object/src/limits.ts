/**
 * How much of an object is read. Everything here comes from outside, so each number is far above what real objects have and
 * far below what would hurt.
 */

/** Bytes of an ELF file: an archive may hold 20 MiB; objects that still carry DWARF reach a few MiB. */
export const ELF_MAX_BYTES = 64 * 1024 * 1024;

/** Sections of an ELF file: large projects with a section per program stay below 500. */
export const ELF_MAX_SECTIONS = 4096;

/** Symbols of an ELF file: with every label of the DWARF sections kept, a large object has some ten thousand. */
export const ELF_MAX_SYMBOLS = 1 << 16;

/**
 * Bytes of the name of a section or symbol. Names may end alike and share their bytes, so that without a limit a short file
 * could stand for terabytes of names; the kernel takes 512.
 */
export const ELF_MAX_NAME_BYTES = 1024;

/** Relocations of an ELF file, those of the DWARF sections included. */
export const ELF_MAX_RELOCATIONS = 1 << 20;

/** Bytes of a section that takes no room in the file: a map's value size is an unsigned 32-bit number. */
export const NOBITS_MAX_BYTES = 0xffff_ffff;

/** Bytes of a BTF blob: distribution kernels have 4 to 8 MiB, a kernel with everything built in about 25. */
export const BTF_MAX_BYTES = 64 * 1024 * 1024;

/** Highest type id. @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/btf.h (BTF_MAX_TYPE) */
export const BTF_MAX_TYPE_ID = 0x000f_ffff;

/** Highest offset of a name. @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/btf.h (BTF_MAX_NAME_OFFSET) */
export const BTF_MAX_NAME_OFFSET = 0x00ff_ffff;

/**
 * Bytes of an identifier without its NUL: the kernel's KSYM_NAME_LEN.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/linux/kallsyms.h (KSYM_NAME_LEN)
 */
export const BTF_MAX_NAME_BYTES = 512;

/** Bytes of a string that is read and is no identifier: the text of a tag, the name of a section, a CO-RE path. */
export const BTF_MAX_STRING_BYTES = 1024;

/** Bytes of `.BTF.ext`: large objects have some hundred thousand. */
export const BTF_EXT_MAX_BYTES = 16 * 1024 * 1024;

/** CO-RE relocations of an object: large ones have some thousand. */
export const CORE_MAX_RELOCATIONS = 1 << 16;

/**
 * How deep types may lie in one another by value, and how many derivations (pointer, array, const, function) one declaration
 * may have. The kernel stops at 32 for what is loaded into it, its own types are not held to that.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/btf.c (MAX_RESOLVE_DEPTH)
 */
export const BTF_MAX_DEPTH = 64;

/** Characters of the C text of a type: a declaration that nobody could read. */
export const TYPE_TEXT_MAX_CHARS = 4096;

/**
 * Indexes of one CO-RE access string.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/relo_core.h (BPF_CORE_SPEC_MAX_LEN)
 */
export const CORE_ACCESS_MAX_PARTS = 64;

/**
 * Members, values and types that are looked at while an object's CO-RE relocations are resolved: two a microsecond. Large objects with
 * some thousand relocations into the largest structs need a million.
 */
export const CORE_MAX_STEPS = 1 << 23;

/**
 * Instructions that are passed, repeats included, to see whether a path leads to one that no kernel takes: a fifth of a second. Objects that take more are
 * taken to lead to all of them.
 */
export const CORE_WALK_MAX_STEPS = 1 << 18;

/** States that are told apart before one instruction, until what they differ in is forgotten: rounds of a loop, mostly. */
export const CORE_WALK_MAX_STATES = 256;

/** Instructions that are passed while the arguments of one program are followed: each is passed a few times. */
export const ARGUMENTS_MAX_STEPS = 1 << 18;

/** Characters of the license: libbpf keeps 63. @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (struct bpf_object) */
export const LICENSE_MAX_CHARS = 63;

/** Instructions of an object that are walked through to see what its programs send: the largest in the wild have some ten thousand. */
export const OUTPUT_MAX_INSTRUCTIONS = 1 << 17;

/** Bytes of a format that is looked at: the kernel takes shorter ones in practice, and more of it would only be printed. */
export const FORMAT_MAX_BYTES = 4096;

/**
 * Instructions that are passed, repeats included, while an object's code is walked along its paths: half a second. The largest in the
 * wild have some ten thousand, each passed two or three times.
 */
export const CODE_MAX_STEPS = 1 << 22;

/** Calls that are followed to find what an object's programs reach: a thousand programs with a thousand calls each. */
export const REACH_MAX_STEPS = 1 << 20;

/** Characters of a package's facts: those of the largest in the wild have some ten thousand. */
export const FACTS_MAX_CHARS = 1 << 20;

/** Objects of a package: a tool has one, a WASM module sometimes three; a package has a thousand files at most. */
export const FACTS_MAX_OBJECTS = 256;

/** Segments of a WASM module's data: linkers write a handful, tools that leave out zeros some hundred. */
export const WASM_MAX_SEGMENTS = 1 << 16;

/** Memory that a WASM module's data fills: as large as a package may be, and the gaps that are joined. */
export const WASM_MAX_MEMORY_BYTES = 64 * 1024 * 1024;

/** Texts in a WASM module that begin like a package.json and are read as one: a module has one. */
export const WASM_MAX_TEXTS = 16;

/** Targets of a class that an approval names one by one: people read no more, and a project's lockfile has those of all its packages. */
export const MAX_ASK_TARGETS = 50;
