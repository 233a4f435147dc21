// One program of each kind that ebpm attaches. Each counts in `hits` what it is run for; those that may change something do so for the
// program "actor" only. One kind is loaded at a time.
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

char LICENSE[] SEC("license") = "GPL";

#define EPERM 1
#define ENOSPC 28
#define UNLINK 87

__u64 hits = 0;

static __always_inline int hit(int result)
{
	__sync_fetch_and_add(&hits, 1);
	return result;
}

static __always_inline int is_actor(void)
{
	char comm[16] = "";

	bpf_get_current_comm(comm, sizeof(comm));
	return comm[0] == 'a' && comm[1] == 'c' && comm[2] == 't' && comm[3] == 'o' && comm[4] == 'r' && comm[5] == 0;
}

/* -EPERM for the actor, for hooks that take an error. */
static __always_inline int deny(void)
{
	return is_actor() ? hit(-EPERM) : 0;
}

/* 0 for the actor, for hooks that take 0 as a refusal. */
static __always_inline int refuse(void)
{
	return is_actor() ? hit(0) : 1;
}

SEC("tp/syscalls/sys_enter_unlink") int on_tracepoint(void *ctx) { return is_actor() ? hit(0) : 0; }

SEC("raw_tp/sys_enter") int on_raw_tracepoint(struct bpf_raw_tracepoint_args *ctx)
{
	return ctx->args[1] == UNLINK && is_actor() ? hit(0) : 0;
}

/* A trial run of any program fails with what is written here. */
SEC("raw_tp.w/bpf_test_finish") int on_writable(struct bpf_raw_tracepoint_args *ctx)
{
	*(int *)ctx->args[0] = -ENOSPC;
	return hit(0);
}

SEC("tp_btf/sys_enter") int BPF_PROG(on_tp_btf, struct pt_regs *regs, long id)
{
	return id == UNLINK && is_actor() ? hit(0) : 0;
}

SEC("kprobe/do_unlinkat") int on_kprobe(void *ctx) { return is_actor() ? hit(0) : 0; }
SEC("kretprobe/do_unlinkat") int on_kretprobe(void *ctx) { return is_actor() ? hit(0) : 0; }
SEC("ksyscall/unlink") int on_ksyscall(void *ctx) { return is_actor() ? hit(0) : 0; }
SEC("kretsyscall/unlink") int on_kretsyscall(void *ctx) { return is_actor() ? hit(0) : 0; }
SEC("kprobe.multi/do_unlink*") int on_kprobe_multi(void *ctx) { return is_actor() ? hit(0) : 0; }

SEC("uprobe//test/actor:traced_once") int on_uprobe(void *ctx) { return hit(0); }
SEC("uprobe/libc.so.6:getppid") int on_library(void *ctx) { return hit(0); }
SEC("uprobe") int on_bare_uprobe(void *ctx) { return hit(0); }
SEC("uretprobe//test/actor:traced_once") int on_uretprobe(void *ctx) { return hit(0); }
SEC("uprobe.s//test/actor:traced_once") int on_uprobe_s(void *ctx) { return hit(0); }
SEC("uretprobe.s//test/actor:traced_once") int on_uretprobe_s(void *ctx) { return hit(0); }
SEC("uprobe.multi//test/actor:traced_*") int on_uprobe_multi(void *ctx) { return hit(0); }
SEC("uprobe.multi.s//test/actor:traced_*") int on_uprobe_multi_s(void *ctx) { return hit(0); }

static __always_inline int point(struct pt_regs *ctx)
{
	long value = 0;

	return bpf_usdt_arg(ctx, 0, &value) == 0 && value == 42 ? hit(0) : 0;
}

SEC("usdt//test/actor:ebpm:point") int on_usdt(struct pt_regs *ctx) { return point(ctx); }
SEC("usdt.s//test/actor:ebpm:point") int on_usdt_s(struct pt_regs *ctx) { return point(ctx); }

SEC("fentry/do_unlinkat") int BPF_PROG(on_fentry) { return is_actor() ? hit(0) : 0; }
SEC("fexit/do_unlinkat") int BPF_PROG(on_fexit) { return is_actor() ? hit(0) : 0; }
SEC("fmod_ret/security_inode_unlink") int BPF_PROG(on_fmod_ret) { return deny(); }
/* A function that only trial runs call, and one of the few that programs which sleep may attach to. */
SEC("fentry.s/bpf_fentry_test1") int BPF_PROG(on_fentry_s) { return hit(0); }
SEC("fexit.s/bpf_fentry_test1") int BPF_PROG(on_fexit_s) { return hit(0); }
SEC("fmod_ret.s/bpf_fentry_test1") int BPF_PROG(on_fmod_ret_s) { return hit(0); }
/* For such a trial run: attached to nothing, and not counted. */
SEC("fentry/bpf_fentry_test2") int BPF_PROG(for_test) { return 0; }
SEC("lsm/inode_unlink") int BPF_PROG(on_lsm) { return deny(); }
SEC("lsm.s/inode_unlink") int BPF_PROG(on_lsm_s) { return deny(); }
/* A hook that knows the socket: those of cgroups allow with 1. */
SEC("lsm_cgroup/socket_bind") int BPF_PROG(on_lsm_cgroup) { return refuse(); }

SEC("perf_event") int on_perf_event(void *ctx) { return hit(0); }

SEC("xdp") int on_xdp(struct xdp_md *ctx) { return hit(XDP_PASS); }
SEC("xdp.frags") int on_xdp_frags(struct xdp_md *ctx) { return hit(XDP_PASS); }
/* For a trial run: attached to nothing, and not counted. */
SEC("xdp") int for_trial(struct xdp_md *ctx) { return XDP_PASS; }
SEC("tc") int on_tc(struct __sk_buff *skb) { return hit(TC_ACT_OK); }
SEC("tcx/ingress") int on_tcx_ingress(struct __sk_buff *skb) { return hit(TC_ACT_OK); }
SEC("tcx/egress") int on_tcx_egress(struct __sk_buff *skb) { return hit(TC_ACT_OK); }
/* NF_ACCEPT */
SEC("netfilter") int on_netfilter(void *ctx) { return hit(1); }
SEC("socket") int on_socket(struct __sk_buff *skb) { return hit(0); }

SEC("cgroup_skb/ingress") int on_cgroup_ingress(struct __sk_buff *skb) { return hit(1); }
SEC("cgroup_skb/egress") int on_cgroup_egress(struct __sk_buff *skb) { return hit(1); }
SEC("cgroup/sock_create") int on_sock_create(struct bpf_sock *sk) { return hit(0); }
SEC("cgroup/sock_release") int on_sock_release(struct bpf_sock *sk) { return hit(1); }
SEC("cgroup/post_bind4") int on_post_bind4(struct bpf_sock *sk) { return hit(0); }
SEC("cgroup/post_bind6") int on_post_bind6(struct bpf_sock *sk) { return hit(0); }
SEC("cgroup/connect4") int on_connect4(struct bpf_sock_addr *ctx) { return hit(0); }
SEC("cgroup/connect6") int on_connect6(struct bpf_sock_addr *ctx) { return hit(0); }
SEC("cgroup/bind4") int on_bind4(struct bpf_sock_addr *ctx) { return hit(0); }
SEC("cgroup/bind6") int on_bind6(struct bpf_sock_addr *ctx) { return hit(0); }
SEC("cgroup/sendmsg4") int on_sendmsg4(struct bpf_sock_addr *ctx) { return hit(0); }
SEC("cgroup/sendmsg6") int on_sendmsg6(struct bpf_sock_addr *ctx) { return hit(0); }
/* The kernel takes nothing but 1 from these. */
SEC("cgroup/recvmsg4") int on_recvmsg4(struct bpf_sock_addr *ctx) { return hit(1); }
SEC("cgroup/recvmsg6") int on_recvmsg6(struct bpf_sock_addr *ctx) { return hit(1); }
SEC("cgroup/getpeername4") int on_getpeername4(struct bpf_sock_addr *ctx) { return hit(1); }
SEC("cgroup/getpeername6") int on_getpeername6(struct bpf_sock_addr *ctx) { return hit(1); }
SEC("cgroup/getsockname4") int on_getsockname4(struct bpf_sock_addr *ctx) { return hit(1); }
SEC("cgroup/getsockname6") int on_getsockname6(struct bpf_sock_addr *ctx) { return hit(1); }
SEC("cgroup/connect_unix") int on_connect_unix(struct bpf_sock_addr *ctx) { return hit(0); }
SEC("cgroup/sendmsg_unix") int on_sendmsg_unix(struct bpf_sock_addr *ctx) { return hit(0); }
SEC("cgroup/recvmsg_unix") int on_recvmsg_unix(struct bpf_sock_addr *ctx) { return hit(1); }
SEC("cgroup/getpeername_unix") int on_getpeername_unix(struct bpf_sock_addr *ctx) { return hit(1); }
SEC("cgroup/getsockname_unix") int on_getsockname_unix(struct bpf_sock_addr *ctx) { return hit(1); }
SEC("cgroup/getsockopt") int on_getsockopt(struct bpf_sockopt *ctx) { return hit(0); }
SEC("cgroup/setsockopt") int on_setsockopt(struct bpf_sockopt *ctx) { return hit(0); }
SEC("cgroup/dev") int on_device(struct bpf_cgroup_dev_ctx *ctx) { return hit(0); }
SEC("cgroup/sysctl") int on_sysctl(struct bpf_sysctl *ctx) { return hit(0); }
SEC("sockops") int on_sockops(struct bpf_sock_ops *ops) { return hit(1); }

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

__u32 next_socket = 0;

/* Puts both ends of each connection of the cgroup into the map. */
SEC("sockops") int fill_sockets(struct bpf_sock_ops *ops)
{
	__u32 key;

	if (ops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && ops->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 1;
	key = next_socket++ & 7;
	bpf_sock_map_update(ops, &sockets, &key, BPF_ANY);
	return 1;
}

SEC("sk_skb/stream_parser") int on_parser(struct __sk_buff *skb) { return hit(skb->len); }
SEC("sk_skb/stream_verdict") int on_stream_verdict(struct __sk_buff *skb) { return hit(SK_PASS); }
SEC("sk_skb/verdict") int on_verdict(struct __sk_buff *skb) { return hit(SK_PASS); }
SEC("sk_msg") int on_msg(struct sk_msg_md *msg) { return hit(SK_PASS); }

/* The port that the actor listens on. */
SEC("sk_lookup") int on_lookup(struct bpf_sk_lookup *ctx) { return ctx->local_port == 7007 ? hit(SK_DROP) : SK_PASS; }

/* The kernel goes on by itself (BPF_FLOW_DISSECTOR_CONTINUE is newer than 6.1). */
SEC("flow_dissector") int on_dissector(struct __sk_buff *skb) { return hit(BPF_OK); }

SEC("syscall") int on_syscall(void *ctx) { return hit(7); }
