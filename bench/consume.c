/*
 * Consumes the events of flood.bpf.c with libbpf's ring buffer, as a C program would.
 *
 *   consume OBJECT FLOOD copy|json|table ROUNDS EVENTS    fills the buffer, drains it, prints ns and events of each round to stderr
 *   consume OBJECT FLOOD epoll SECONDS                    consumes beside the flood, prints calls, events and refused to stderr
 *
 * copy: each record to memory. json, table: each as a line on stdout.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct event {
	unsigned long long time;
	unsigned long long number;
	unsigned int pid;
	int cpu;
	char comm[16];
};

static char copies[32 << 20];
static size_t copied;
static long received;
static char clock_text[16];

static void fail(const char *what)
{
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int copy_event(void *context, void *data, size_t size)
{
	if (copied + size > sizeof(copies))
		copied = 0;
	memcpy(copies + copied, data, size);
	copied += size;
	received++;
	return 0;
}

/* A char array as the inside of a JSON string. */
static const char *escaped(const char *text, size_t size)
{
	static char out[16 * 6 + 1];
	char *end = out;

	for (size_t i = 0; i < size && text[i]; i++) {
		unsigned char byte = text[i];

		if (byte >= 0x20 && byte <= 0x7e && byte != '"' && byte != '\\')
			*end++ = byte;
		else if (byte == '"' || byte == '\\')
			end += sprintf(end, "\\%c", byte);
		else
			end += sprintf(end, "\\u%04x", byte);
	}
	*end = 0;
	return out;
}

static int print_json(void *context, void *data, size_t size)
{
	const struct event *event = data;

	printf("{\"time\":%llu,\"number\":%llu,\"pid\":%u,\"cpu\":%d,\"comm\":\"%s\"}\n", event->time, event->number,
	       event->pid, event->cpu, escaped(event->comm, sizeof(event->comm)));
	received++;
	return 0;
}

static int print_table(void *context, void *data, size_t size)
{
	const struct event *event = data;

	printf("%-8s %20llu %20llu %7u %11d %s\n", clock_text, event->time, event->number, event->pid, event->cpu,
	       escaped(event->comm, sizeof(event->comm)));
	received++;
	return 0;
}

/* Starts FLOOD with pipes for its orders and answers. */
static pid_t start_flood(const char *program, FILE **orders, FILE **answers)
{
	int in[2], out[2];
	pid_t pid;

	if (pipe(in) || pipe(out) || (pid = fork()) < 0)
		fail("fork");
	if (pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		execl(program, program, NULL);
		_exit(1);
	}
	close(in[0]);
	close(out[1]);
	*orders = fdopen(in[1], "w");
	*answers = fdopen(out[0], "r");
	return pid;
}

static struct bpf_object *load(const char *path, unsigned int target)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	struct bpf_map *rodata = object ? bpf_object__find_map_by_name(object, ".rodata") : NULL;
	struct bpf_program *program;
	size_t size;

	if (!rodata || !bpf_map__initial_value(rodata, &size) || size != sizeof(target))
		fail("open");
	bpf_map__set_initial_value(rodata, &target, sizeof(target));
	if (bpf_object__load(object))
		fail("load");
	bpf_object__for_each_program(program, object)
		if (!bpf_program__attach(program))
			fail("attach");
	return object;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 4 ? argv[3] : "";
	FILE *orders, *answers;
	pid_t pid = start_flood(argv[2], &orders, &answers);
	struct bpf_object *object = load(argv[1], pid);
	int map = bpf_object__find_map_fd_by_name(object, "events");
	ring_buffer_sample_fn take = !strcmp(mode, "json") ? print_json : !strcmp(mode, "table") ? print_table : copy_event;
	struct ring_buffer *ring = ring_buffer__new(map, take, NULL, NULL);
	long calls = 0;

	if (!ring)
		fail("ring_buffer__new");
	setvbuf(stdout, NULL, _IOFBF, 64 * 1024);
	if (!strcmp(mode, "epoll")) {
		int answered = fileno(answers);

		fprintf(orders, "seconds %s\n", argv[4]);
		fflush(orders);
		for (;;) {
			struct timeval none = {0};
			fd_set set;

			ring_buffer__poll(ring, 100);
			FD_ZERO(&set);
			FD_SET(answered, &set);
			if (select(answered + 1, &set, NULL, NULL, &none) > 0)
				break;
		}
		ring_buffer__consume(ring);
		fscanf(answers, "%ld", &calls);
		fprintf(stderr, "%ld %ld\n", calls, received);
	} else {
		for (int round = atoi(argv[4]); round > 0; round--) {
			long long started;
			time_t seconds = time(NULL);

			fprintf(orders, "count %s\n", argv[5]);
			fflush(orders);
			fscanf(answers, "%ld", &calls);
			received = 0;
			started = now_ns();
			strftime(clock_text, sizeof(clock_text), "%H:%M:%S", localtime(&seconds));
			ring_buffer__consume(ring);
			fflush(stdout);
			fprintf(stderr, "%lld %ld\n", now_ns() - started, received);
		}
	}
	fclose(orders);
	waitpid(pid, NULL, 0);
	return 0;
}
