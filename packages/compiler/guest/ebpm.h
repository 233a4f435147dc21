/*
 * What a guest of ebpm calls: loading and attaching eBPF objects, reading their buffers and maps, printing records. The functions of
 * wasm_bpf are those of the wasm-bpf runtimes; those of ebpm are ebpm's own.
 */
#ifndef EBPM_H
#define EBPM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EBPM_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

/* An object that is loaded; 0 is none. */
typedef uint64_t ebpm_object;

/* Returning a negative number ends the poll. `data` is the guest's own buffer: it is good until the next record. */
typedef int (*ebpm_sample_callback)(void *context, void *data, size_t size);

/* Records that have no type of a known size are cut off after so many bytes. */
#define EBPM_MAX_RECORD_BYTES 4096

/* The object, or 0. The bytes are judged as they are now: what goes beyond what the user agreed to is refused. */
EBPM_IMPORT("wasm_bpf", "wasm_load_bpf_object")
ebpm_object wasm_load_bpf_object(const void *object, int size);

/* 0, or -1 where there is no such object. */
EBPM_IMPORT("wasm_bpf", "wasm_close_bpf_object")
int wasm_close_bpf_object(ebpm_object object);

/* By the program's section; `target` is a control group's path or an interface's name where the section wants one, else NULL. */
EBPM_IMPORT("wasm_bpf", "wasm_attach_bpf_program")
int wasm_attach_bpf_program(ebpm_object object, const char *program, const char *target);

/* `fd` is a folder of a control group that the user has given to the guest; negative: by the section alone. */
EBPM_IMPORT("wasm_bpf", "wasm_attach_bpf_program_fd")
int wasm_attach_bpf_program_fd(ebpm_object object, const char *program, int fd);

EBPM_IMPORT("wasm_bpf", "wasm_bpf_map_fd_by_name")
int wasm_bpf_map_fd_by_name(ebpm_object object, const char *map);

EBPM_IMPORT("wasm_bpf", "wasm_bpf_buffer_poll")
int wasm_bpf_buffer_poll(ebpm_object object, int fd, ebpm_sample_callback callback, void *context, void *data, int max_size,
			 int timeout_ms);

EBPM_IMPORT("wasm_bpf", "wasm_bpf_map_operate")
int wasm_bpf_map_operate(int fd, int command, const void *key, void *value, void *next_key, uint64_t flags);

/* Prints a record as the events of a package are printed. The struct is one of the object's types. */
EBPM_IMPORT("ebpm", "emit")
int ebpm_emit(ebpm_object object, const char *struct_name, const void *record, size_t size);

/* How many values an entry of a map has that keeps one for each processor. */
EBPM_IMPORT("ebpm", "possible_cpus")
int ebpm_possible_cpus(void);

/*
 * Starts a tool that ebpm.json names in "dependencies"; a number of it, 1 and up. `args` are its words, each of which ends with NUL but for the
 * last one, which need not. -2: no such tool, -1: nobody has agreed to it, -24: too many run.
 */
EBPM_IMPORT("ebpm", "tool_start")
int ebpm_tool_start(const char *name, size_t name_size, const char *args, size_t args_size);

/* Bytes of what `ebpm run --json` prints of it, as they come; 0 at its end, EBPM_AGAIN after the time, which negative is none. */
EBPM_IMPORT("ebpm", "tool_read")
int ebpm_tool_read(int tool, void *buffer, size_t size, int timeout_ms);

/* Ends it, and gives its exit code. */
EBPM_IMPORT("ebpm", "tool_stop")
int ebpm_tool_stop(int tool);

/* What reading a tool gives where the time is up. */
#define EBPM_AGAIN (-11)

/* The longest line of a tool that is read whole. */
#define EBPM_MAX_LINE_BYTES 16384

/* A tool whose output is read line by line. */
struct ebpm_tool {
	int number;
	size_t from;
	size_t to;
	char text[EBPM_MAX_LINE_BYTES];
};

/* Starts a tool with words up to a NULL: 0 or a negative error. */
static inline int ebpm_tool_open(struct ebpm_tool *tool, const char *name, const char *const *args)
{
	size_t name_size = 0, size = 0;
	int number;

	while (name[name_size])
		name_size++;
	/* Nothing has been read into it yet. */
	for (; args && *args; args++) {
		const char *at = *args;

		do {
			if (size == sizeof(tool->text))
				return -7;
			tool->text[size++] = *at;
		} while (*at++);
	}
	number = ebpm_tool_start(name, name_size, tool->text, size);
	tool->number = number;
	tool->from = tool->to = 0;
	return number < 0 ? number : 0;
}

/* The next line, good until the one after: 1; 0 at the end of the tool, EBPM_AGAIN after the time, -7 for a line that is too long. */
static inline int ebpm_tool_line(struct ebpm_tool *tool, const char **line, int timeout_ms)
{
	size_t at = tool->from;

	for (;;) {
		int got;

		for (; at < tool->to; at++) {
			if (tool->text[at] != '\n')
				continue;
			tool->text[at] = 0;
			*line = tool->text + tool->from;
			tool->from = at + 1;
			return 1;
		}
		for (size_t left = 0; left < tool->to - tool->from; left++)
			tool->text[left] = tool->text[tool->from + left];
		tool->to = at = tool->to - tool->from;
		tool->from = 0;
		if (tool->to == sizeof(tool->text))
			return -7;
		got = ebpm_tool_read(tool->number, tool->text + tool->to, sizeof(tool->text) - tool->to, timeout_ms);
		if (got <= 0)
			return got;
		tool->to += (size_t)got;
	}
}

/* Where the value of a key begins in a line of JSON, or NULL. A text begins behind its quote. */
static inline const char *ebpm_json(const char *line, const char *key)
{
	for (; *line; line++) {
		size_t at = 0;

		if (*line != '"')
			continue;
		while (key[at] && line[1 + at] == key[at])
			at++;
		if (key[at] || line[1 + at] != '"' || line[2 + at] != ':')
			continue;
		line += 3 + at;
		return *line == '"' ? line + 1 : line;
	}
	return NULL;
}

static inline int ebpm_map_lookup(int fd, const void *key, void *value)
{
	return wasm_bpf_map_operate(fd, 1, key, value, NULL, 0);
}

/* Flags: 0 whatever is there, 1 only a new key, 2 only a key that is there. */
static inline int ebpm_map_update(int fd, const void *key, const void *value, uint64_t flags)
{
	return wasm_bpf_map_operate(fd, 2, key, (void *)value, NULL, flags);
}

static inline int ebpm_map_delete(int fd, const void *key)
{
	return wasm_bpf_map_operate(fd, 3, key, NULL, NULL, 0);
}

/* The first key where `key` is NULL. */
static inline int ebpm_map_next(int fd, const void *key, void *next_key)
{
	return wasm_bpf_map_operate(fd, 4, key, NULL, next_key, 0);
}

/* The words of an error that a function of these gave back: Linux's numbers, which are not those of <errno.h> here. */
static inline const char *ebpm_error(int error)
{
	switch (error < 0 ? -error : error) {
	case 0: return "no error";
	case 1: return "operation not permitted";
	case 2: return "no such thing";
	case 4: return "interrupted";
	case 5: return "input or output failed";
	case 7: return "too large";
	case 9: return "no such descriptor";
	case 11: return "try again";
	case 12: return "no memory";
	case 13: return "permission denied";
	case 14: return "bad address";
	case 16: return "busy";
	case 17: return "it exists";
	case 19: return "no such device";
	case 20: return "not a folder";
	case 22: return "invalid argument";
	case 24: return "too many open";
	case 28: return "no space left";
	case 95: return "not supported";
	case 524: return "not supported by the kernel";
	default: return "unknown error";
	}
}

/* A number of some bits inside a record, from the lowest bit of its first byte on. */
static inline uint64_t ebpm_bits(const void *record, uint32_t offset_bits, uint32_t bits)
{
	const uint8_t *bytes = (const uint8_t *)record;
	uint64_t value = 0;

	for (uint32_t bit = 0; bit < bits; bit++) {
		uint32_t at = offset_bits + bit;
		value |= (uint64_t)(bytes[at / 8] >> at % 8 & 1) << bit;
	}
	return value;
}

static inline int64_t ebpm_signed_bits(const void *record, uint32_t offset_bits, uint32_t bits)
{
	uint64_t value = ebpm_bits(record, offset_bits, bits);

	return (int64_t)(value << (64 - bits)) >> (64 - bits);
}

static inline void ebpm_set_bits(void *record, uint32_t offset_bits, uint32_t bits, uint64_t value)
{
	uint8_t *bytes = (uint8_t *)record;

	for (uint32_t bit = 0; bit < bits; bit++) {
		uint32_t at = offset_bits + bit;
		bytes[at / 8] = (uint8_t)((bytes[at / 8] & ~(1u << at % 8)) | (uint32_t)(value >> bit & 1) << at % 8);
	}
}

#endif
