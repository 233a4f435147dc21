/*
 * Prints the ids of all eBPF programs in the kernel, one a line: what `bpftool prog` lists, in a hundredth of the time. With an argument,
 * those of all links too, each behind the word "link"; with the argument "all" also those of all maps, behind the word "map".
 */
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void print_ids(int next, const char *before)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	while (syscall(SYS_bpf, next, &attr, sizeof(attr)) == 0) {
		printf("%s%u\n", before, attr.next_id);
		attr.start_id = attr.next_id;
	}
}

int main(int argc, char **argv)
{
	print_ids(BPF_PROG_GET_NEXT_ID, "");
	if (argc > 1)
		print_ids(BPF_LINK_GET_NEXT_ID, "link ");
	if (argc > 1 && strcmp(argv[1], "all") == 0)
		print_ids(BPF_MAP_GET_NEXT_ID, "map ");
	return 0;
}
