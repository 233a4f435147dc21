import { buildPackage } from '../../src/build-package.js';
import { readSkeleton, type Skeleton } from '../../src/skeleton/skeleton.js';
import { buildOptions } from '../options.js';
import { projectWith } from '../project-dir.js';

/** The skeleton of `MANY_LAYOUTS`; called inside a test. */
export async function manyLayouts(): Promise<Skeleton> {
  const { object } = await buildPackage(buildOptions(await projectWith(MANY_LAYOUTS)));
  return readSkeleton({ stem: 'tool', object });
}

/** A kernel half with every kind of member and map that a skeleton has words for. */
const MANY_LAYOUTS = {
  'tool.h': `
enum color { RED, BLUE = 7 };
struct inner { char tag; long count; };
struct event {
  unsigned char first;
  void *address;
  long number;
  unsigned long sizes[3];
  enum color color;
  _Bool yes;
  char comm[16];
  int grid[2][3];
  struct inner inner;
  struct inner more[2];
  union { unsigned int v4; unsigned char v6[16]; };
  struct { short left; union { int deep; char letter; }; } pair;
  union { long wide; char narrow; } either;
  unsigned low : 3;
  int middle : 7;
  unsigned long high : 33;
  __int128 huge;
  unsigned short class;
};
struct crooked { char a; long b; short c; } __attribute__((packed));
struct wide { int a __attribute__((aligned(32))); };
struct empty {};
`,
  'tool.bpf.c': `
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "tool.h"
struct key { int pid; long place; };
typedef struct { unsigned long count; void *last; } totals_t;
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } mixed SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 64); __type(key, struct key); __type(value, totals_t); } counts SEC(".maps");
struct { __uint(type, 6); __uint(max_entries, 1); __type(key, int); __type(value, long); } each SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __uint(key_size, 5); __uint(value_size, 3); } plain SEC(".maps");
const volatile int target = 3;
const volatile long limits[4] = {1, 2, 3, 4};
volatile struct key chosen = {1, 2};
volatile totals_t sums;
SEC("tp/sched/sched_process_exec") int on_exec(void *ctx)
{
  struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
  struct key key = {target, limits[1] + chosen.pid};
  totals_t *totals = bpf_map_lookup_elem(&counts, &key);
  int zero = 0;
  long *one = bpf_map_lookup_elem(&each, &zero);
  char five[5] = {0};
  if (one && bpf_map_lookup_elem(&plain, five)) *one += 1;
  if (totals) sums.count += totals->count;
  if (!event) return 0;
  bpf_ringbuf_submit(event, 0);
  struct crooked crooked = {0};
  bpf_ringbuf_output(&mixed, &crooked, sizeof(crooked), 0);
  struct wide wide = {0};
  bpf_ringbuf_output(&mixed, &wide, sizeof(wide), 0);
  return 0;
}
SEC("xdp") int on_packet(void *ctx) { return 2; }
char LICENSE[] SEC("license") = "GPL";
`,
};
