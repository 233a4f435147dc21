/* What the objects of cases.ts start with: types of the kernel as far as they are asked for, and short words for sections. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define CORE __attribute__((preserve_access_index))
#define RAW SEC("raw_tp/sched_process_exec")
#define FN(section, name) SEC(section) long name(unsigned long long *ctx)
#define MAP(name, kind, key, value, entries, flags)                                                                              \
	struct {                                                                                                                 \
		__uint(type, kind);                                                                                              \
		__uint(key_size, key);                                                                                           \
		__uint(value_size, value);                                                                                       \
		__uint(max_entries, entries);                                                                                    \
		__uint(map_flags, flags);                                                                                        \
	} name SEC(".maps");

struct mm_struct;
struct task_struct {
	int pid;
	struct mm_struct *mm;
	char comm[16];
	struct task_struct *real_parent;
} CORE;
struct task_struct___gone {
	int no_such_field;
} CORE;
struct task_struct___other {
	struct { int inside; } pid;
} CORE;
struct task_struct___long {
	char comm[64];
} CORE;
struct no_such_struct {
	int field;
} CORE;
enum bpf_func_id___newer { BPF_FUNC_no_such_helper = 5000 };
enum no_such_enum { NO_SUCH_VALUE = 1 };

const volatile bool shut = false;
extern int LINUX_KERNEL_VERSION __kconfig;

#define TASK(type) ((struct type *)bpf_get_current_task())
#define HELPER(number) ((long (*)(void))number##l)()
