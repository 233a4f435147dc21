// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// Many times a second the kernel interrupts each CPU and runs this program. It counts which process was running, and with
// which stacks of functions; ebpm reads the counts and the stacks every second and names the functions.
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "profile.h"

#define MAX_PLACES 10240
#define MAX_STACKS 16384

/// @description Only this process; 0: all
/// @cmdarg {"default": 0, "short": "p"}
const volatile pid_t target_pid = 0;

/// @description Leave the stacks of the kernel out
/// @cmdarg {"default": false}
const volatile bool user_only = false;

/// @sample {"interval": 1000, "clear_map": true}
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_PLACES);
	__type(key, struct place);
	__type(value, __u64);
} counts SEC(".maps");

/* Stacks by their id: an id is the same for the same stack, so that equal ones are counted together. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, MAX_STACKS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, MAX_DEPTH * sizeof(__u64));
} stacks SEC(".maps");

/// @perf {"frequency": 99}
SEC("perf_event")
int sampled(struct bpf_perf_event_data *ctx)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	struct place place = {};
	__u64 one = 1, *count;

	/* Process 0 is the CPU doing nothing. */
	if (pid == 0 || (target_pid && target_pid != pid))
		return 0;
	place.pid = pid;
	bpf_get_current_comm(place.comm, sizeof(place.comm));
	place.kernel_stack_id = user_only ? -1 : bpf_get_stackid(ctx, &stacks, 0);
	place.user_stack_id = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	count = bpf_map_lookup_elem(&counts, &place);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&counts, &place, &one, BPF_NOEXIST);
	return 0;
}

/// @brief Samples what runs on the CPUs, with kernel and user stacks
/// @details Put --flamegraph FILE before the name to draw what was seen.
char LICENSE[] SEC("license") = "Dual BSD/GPL";
