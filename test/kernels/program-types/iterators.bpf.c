// Iterators over tasks, the elements of a map, and cgroups. Apart from the other programs, since the kernel's BTF is read for these: they
// look into the kernel's structs.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

__u64 hits = 0;

static __always_inline int hit(void)
{
	__sync_fetch_and_add(&hits, 1);
	return 0;
}

struct seq_file;
struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));
struct task_struct {
	int tgid;
	char comm[16];
} __attribute__((preserve_access_index));
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));
struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	__u32 *key;
	__u64 *value;
} __attribute__((preserve_access_index));
struct kernfs_node {
	const char *name;
} __attribute__((preserve_access_index));
struct cgroup {
	struct kernfs_node *kn;
} __attribute__((preserve_access_index));
struct bpf_iter__cgroup {
	struct bpf_iter_meta *meta;
	struct cgroup *cgroup;
} __attribute__((preserve_access_index));

static __always_inline int print_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	static const char format[] = "%d %s\n";
	__u64 values[2];

	if (!task)
		return 0;
	values[0] = task->tgid;
	values[1] = (__u64)(long)task->comm;
	bpf_seq_printf(ctx->meta->seq, format, sizeof(format), values, sizeof(values));
	return hit();
}

SEC("iter/task") int on_task(struct bpf_iter__task *ctx) { return print_task(ctx); }
SEC("iter.s/task") int on_task_s(struct bpf_iter__task *ctx) { return print_task(ctx); }

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 3);
	__type(key, __u32);
	__type(value, __u64);
} elements SEC(".maps");

SEC("iter/bpf_map_elem") int on_element(struct bpf_iter__bpf_map_elem *ctx)
{
	__u32 *key = ctx->key;
	__u64 *value = ctx->value;
	static const char format[] = "%u=%llu\n";
	__u64 values[2];

	if (!key || !value)
		return 0;
	values[0] = *key;
	values[1] = *value;
	bpf_seq_printf(ctx->meta->seq, format, sizeof(format), values, sizeof(values));
	return hit();
}

SEC("iter/cgroup") int on_cgroup(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgroup = ctx->cgroup;
	static const char format[] = "%s\n";
	__u64 name;

	if (!cgroup)
		return 0;
	name = (__u64)(long)cgroup->kn->name;
	bpf_seq_printf(ctx->meta->seq, format, sizeof(format), &name, sizeof(name));
	return hit();
}
