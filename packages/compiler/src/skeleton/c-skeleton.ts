import { CRecords } from './c-records.js';
import { cBytes, cString } from './c-text.js';
import type { Layout } from './layout.js';
import type { Skeleton, SkeletonGlobal, SkeletonMap, SkeletonProgram } from './skeleton.js';

/**
 * `NAME.skel.h`: the object, its types, and functions for its globals, maps and programs, for a guest in C. Everything is `static
 * inline` but the object, of which a program has one however many of its files include the header.
 */
export function cSkeleton(skeleton: Skeleton): string {
  const records = new CRecords(skeleton.identifier);
  const context = { skeleton, records, prefix: skeleton.identifier, type: `struct ${skeleton.identifier}_skel` };
  const guard = `EBPM_${skeleton.identifier.toUpperCase()}_SKEL_H`;
  return `/* Made by ebpm: types, maps and programs of an eBPF object, and the object itself. Do not change it. */
#ifndef ${guard}
#define ${guard}

#include <ebpm.h>

${skeleton.records.map((record) => `${records.define(record)}\n`).join('')}${objectText(context)}
${skeleton.globals.map((global) => setter(context, global)).join('')}${names(context)}
${lifeText(context)}${skeleton.programs.map((program) => programText(context, program)).join('')}${skeleton.maps
  .map((map) => mapText(context, map))
  .join('')}${printText(context)}
#endif
`;
}

interface Context {
  readonly skeleton: Skeleton;
  readonly records: CRecords;
  /** In front of the name of everything. */
  readonly prefix: string;
  /** Of the object that is open. */
  readonly type: string;
}

const LINE_BYTES = 32;

function objectText({ skeleton: { object }, prefix }: Context): string {
  const lines = Array.from({ length: Math.ceil(object.length / LINE_BYTES) }, (_, line) => {
    return `\t"${cBytes(object.subarray(line * LINE_BYTES, (line + 1) * LINE_BYTES))}"`;
  });
  return `__attribute__((weak, aligned(8))) unsigned char ${prefix}__object[${object.length}] =\n${lines.join('\n')};\n`;
}

/** Written into the object, where the loader finds it as the variable's first value. */
function setter({ records, prefix }: Context, { identifier, offsetBytes, layout }: SkeletonGlobal): string {
  if (layout.sizeBytes === 0) return '';
  const [parameter, from] =
    layout.kind === 'scalar'
      ? [records.declaration(layout, 'value'), '&value']
      : [pointer(records, layout, 'value'), 'value'];
  return `
/* Before it is loaded. */
static inline void ${prefix}__set_${identifier}(${parameter})
{
	__builtin_memcpy(${prefix}__object + ${offsetBytes}, ${from}, ${layout.sizeBytes});
}
`;
}

/** A parameter that points to a value that is only read; a pointer to the first element of an array. */
function pointer(records: CRecords, layout: Layout, name: string): string {
  if (layout.kind === 'bytes') return `const void *${name}`;
  const pointee = layout.kind === 'array' ? innermost(layout) : layout;
  return pointee.kind === 'bytes' ? `const void *${name}` : `const ${records.declaration(pointee, `*${name}`)}`;
}

function innermost(layout: Layout): Layout {
  return layout.kind === 'array' ? innermost(layout.element) : layout;
}

function names({ skeleton, prefix }: Context): string {
  const define = (what: string, { identifier, name }: { identifier: string; name: string }) =>
    `#define ${prefix.toUpperCase()}__${what}_${identifier.toUpperCase()} ${cString(name)}\n`;
  const maps = skeleton.maps.map((map) => define('MAP', map));
  return `\n${[...maps, ...skeleton.programs.map((program) => define('PROGRAM', program))].join('')}`;
}

function lifeText({ skeleton, prefix, type }: Context): string {
  const { maps, programs } = skeleton;
  const fields = maps.map(({ identifier }) => `\t\tint ${identifier};\n`).join('');
  const found = maps
    .map(
      ({ identifier, name }) =>
        `\tskel->maps.${identifier} = wasm_bpf_map_fd_by_name(skel->object, ${cString(name)});\n`,
    )
    .join('');
  const attached = programs
    .filter(({ attachesItself }) => attachesItself)
    .map(
      ({ name }) =>
        `\terror = wasm_attach_bpf_program(skel->object, ${cString(name)}, 0);\n\tif (error < 0)\n\t\treturn error;\n`,
    )
    .join('');
  return `${type} {
	ebpm_object object;
${maps.length === 0 ? '' : `\tstruct {\n${fields}\t} maps;\n`}};

/* Loads it into the kernel: 0, or -1 where that is refused; why stands on the standard error of the run. */
static inline int ${prefix}__load(${type} *skel)
{
	skel->object = wasm_load_bpf_object(${prefix}__object, sizeof(${prefix}__object));
	if (skel->object == 0)
		return -1;
${found}	return 0;
}

/* Attaches every program that needs no target: 0, or the negative number of the first error. */
static inline int ${prefix}__attach(const ${type} *skel)
{
${attached === '' ? '\t(void)skel;\n' : `\tint error;\n\n${attached}`}	return 0;
}

/* Detaches and unloads it. */
static inline int ${prefix}__close(${type} *skel)
{
	ebpm_object object = skel->object;
	skel->object = 0;
	return wasm_close_bpf_object(object);
}
`;
}

function programText({ prefix, type }: Context, { name, identifier }: SkeletonProgram): string {
  return `
static inline int ${prefix}__attach_${identifier}(const ${type} *skel)
{
	return wasm_attach_bpf_program(skel->object, ${cString(name)}, 0);
}

/* To a control group's path or an interface's name. */
static inline int ${prefix}__attach_${identifier}_to(const ${type} *skel, const char *target)
{
	return wasm_attach_bpf_program(skel->object, ${cString(name)}, target);
}

/* To a folder that the user has given to the guest. */
static inline int ${prefix}__attach_${identifier}_fd(const ${type} *skel, int fd)
{
	return wasm_attach_bpf_program_fd(skel->object, ${cString(name)}, fd);
}
`;
}

function mapText(context: Context, map: SkeletonMap): string {
  if (map.use === 'records') return recordsText(context, map);
  return map.use === 'entries' ? entriesText(context, map) : '';
}

function recordsText({ records, prefix, type }: Context, { identifier, record }: SkeletonMap): string {
  const buffer =
    record === undefined
      ? 'uint8_t record[EBPM_MAX_RECORD_BYTES] __attribute__((aligned(8)))'
      : `${records.typeOf(record)} record`;
  const parameter = record === undefined ? 'const void *' : `const ${records.typeOf(record)} *`;
  const callback = `${prefix}__on_${identifier}`;
  return `
typedef int (*${callback})(void *context, ${parameter}record, size_t size);

/*
 * Gives every record that is there to the callback; waits for one up to that time where there is none. How many there were, or what a
 * callback returned that is negative, which ends it, or the negative number of an error.
 */
static inline int ${prefix}__poll_${identifier}(const ${type} *skel, ${callback} callback, void *context, int timeout_ms)
{
	static ${buffer};
	return wasm_bpf_buffer_poll(skel->object, skel->maps.${identifier}, (ebpm_sample_callback)callback, context,
				    &record, sizeof(record), timeout_ms);
}
`;
}

function entriesText({ records, prefix, type }: Context, { identifier, key, value, perCpu }: SkeletonMap): string {
  const constKey = (name: string) => pointer(records, key, name);
  const map = `skel->maps.${identifier}`;
  const out = (layout: Layout, name: string) => pointer(records, layout, name).replace(/^const /, '');
  const note = perCpu
    ? '\n/* A value is ebpm_possible_cpus() of them, one after another, each at a multiple of 8 bytes. */'
    : '';
  return `${note}
static inline int ${prefix}__lookup_${identifier}(const ${type} *skel, ${constKey('key')}, ${out(value, 'value')})
{
	return ebpm_map_lookup(${map}, key, value);
}

static inline int ${prefix}__update_${identifier}(const ${type} *skel, ${constKey('key')}, ${pointer(records, value, 'value')}, uint64_t flags)
{
	return ebpm_map_update(${map}, key, value, flags);
}

static inline int ${prefix}__delete_${identifier}(const ${type} *skel, ${constKey('key')})
{
	return ebpm_map_delete(${map}, key);
}

/* The key behind another one, or the first where that is NULL; negative where there is none. */
static inline int ${prefix}__next_${identifier}(const ${type} *skel, ${constKey('key')}, ${out(key, 'next')})
{
	return ebpm_map_next(${map}, key, next);
}
`;
}

function printText({ skeleton, records, prefix, type }: Context): string {
  return skeleton.printable
    .map(
      (record) => `
/* Prints it as the events of a package without a guest are printed: 0, or a negative number. */
static inline int ${prefix}__emit_${record.identifier}(const ${type} *skel, const ${records.typeOf(record)} *record)
{
	return ebpm_emit(skel->object, ${cString(record.name)}, record, sizeof(*record));
}
`,
    )
    .join('');
}
