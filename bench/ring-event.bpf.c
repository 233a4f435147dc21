// One small event into a large ring buffer for each call of getpgid(), as most tools send them.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct event {
  __u64 number;
  __u64 more[3];
};
/** Keeps the struct in the object, so that ebpm can be told of it. */
struct event *unused;

__u64 sent = 0;

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 16 * 1024 * 1024);
} events SEC(".maps");

SEC("tp/syscalls/sys_enter_getpgid")
int on_getpgid(void *ctx) {
  struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

  if (!event) return 0;
  event->number = sent++;
  bpf_ringbuf_submit(event, 0);
  return 0;
}
