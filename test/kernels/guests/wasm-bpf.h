// The functions that a host of wasm-bpf gives to a guest, and ebpm's own.
#pragma once
#include <stdint.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

typedef int (*sample_function)(void *context, void *data, uint32_t size);

IMPORT("wasm_bpf", "wasm_load_bpf_object") int64_t load_object(const void *object, int32_t size);
IMPORT("wasm_bpf", "wasm_close_bpf_object") int32_t close_object(int64_t object);
IMPORT("wasm_bpf", "wasm_attach_bpf_program") int32_t attach(int64_t object, const char *program, const char *target);
IMPORT("wasm_bpf", "wasm_attach_bpf_program_fd") int32_t attach_fd(int64_t object, const char *program, int32_t fd);
IMPORT("wasm_bpf", "wasm_bpf_buffer_poll")
int32_t buffer_poll(int64_t object, int32_t fd, sample_function function, void *context, void *data, int32_t size, int32_t timeout_ms);
IMPORT("wasm_bpf", "wasm_bpf_map_fd_by_name") int32_t map_fd(int64_t object, const char *name);
IMPORT("wasm_bpf", "wasm_bpf_map_operate")
int32_t map_operate(int32_t fd, int32_t command, void *key, void *value, void *next_key, int64_t flags);
IMPORT("ebpm", "emit") int32_t emit(int64_t object, const char *name, const void *record, int32_t size);

// https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h
enum { LOOKUP = 1, UPDATE = 2, DELETE = 3, GET_NEXT_KEY = 4 };
enum { ANY = 0, NOEXIST = 1, EXIST = 2 };
