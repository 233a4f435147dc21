// Does what its module does not say: the module carries it in a form that is no object.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tp/syscalls/sys_enter_getpgid")
int on_call(void *ctx)
{
	bpf_send_signal(9);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
