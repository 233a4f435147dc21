/** How much a guest may have and want. */

/** Bytes of a module: what a package may have of files. */
export const MAX_MODULE_BYTES = 64 * 1024 * 1024;

/** Pages of 64 KiB of a guest's memory: 512 MiB, far above what tools that count and print need. */
export const MAX_MEMORY_PAGES = 8192;

/** Entries of a guest's table of functions; large C++ programs have some ten thousand. */
export const MAX_TABLE_ENTRIES = 100_000;

/** Bytes of an eBPF object that a guest gives: what a package's may have. */
export const MAX_GUEST_OBJECT_BYTES = 32 * 1024 * 1024;

/** Objects that a guest may have open at once: real tools have one to three. */
export const MAX_GUEST_OBJECTS = 64;

/** Maps of an object of a guest: as many descriptors as one message on a UNIX socket carries (v6.12, include/net/scm.h, SCM_MAX_FD). */
export const MAX_GUEST_MAPS = 253;

/** Bytes of the name of a map, a program or a struct: libbpf's shim for guests has 63 for the first two. */
export const MAX_GUEST_NAME_BYTES = 255;

/** Bytes of a target: PATH_MAX, less the NUL. */
export const MAX_TARGET_BYTES = 4095;

/** Programs that a guest may attach, each time counted: a module that attaches in a loop would fill the kernel. */
export const MAX_ATTACHMENTS = 4096;

/** Bytes of the header of a message between a guest's process and the broker. */
export const MAX_HEADER_BYTES = 256 * 1024;

/** Records that are given to `ebpm.emit` have less. */
export const MAX_EMITTED_BYTES = 1024 * 1024;

/** Tools that a guest may have started and not stopped: each is a process with a Node of its own, of some 60 MB. */
export const MAX_GUEST_TOOLS = 8;

/** How deep tools may start tools: two that depend on each other would otherwise start each other for ever. */
export const MAX_TOOL_DEPTH = 2;

/** Bytes of a tool's arguments: far above what a person types, and below what execve(2) takes. */
export const MAX_TOOL_ARGS_BYTES = 64 * 1024;
