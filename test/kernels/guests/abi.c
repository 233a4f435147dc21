// Calls every function of the ABI, for its success and for its errors, and prints what each gave: NAME VALUE. A line "act ..." asks the test to start a
// process, whose events are then waited for. Usage: abi.wasm CGROUP INTERFACE CPUS, abi.wasm flood, or abi.wasm gathers
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wasi/libc.h>
#include "called.h"
#include "objects.h"
#include "wasm-bpf.h"

#define SAY(name, value) printf("%s %lld\n", name, (long long)(value))
#define ROOM 4096

static char buffer[ROOM];

// What the callback has seen.
static struct {
	int samples;
	int in_order;
	int size;
	void *context;
	void *data;
	// It returns that at the sample of that number.
	int result;
	int result_at;
} seen;

static int on_sample(void *context, void *data, uint32_t size)
{
	const struct event *event = data;

	if (event->number == (unsigned)seen.samples && event->square == (uint64_t)event->number * event->number)
		seen.in_order++;
	seen.samples++;
	seen.size = (int)size;
	seen.context = context;
	seen.data = data;
	return seen.samples == seen.result_at ? seen.result : 0;
}

static void act(const char *what, int kind, int count)
{
	memset(&seen, 0, sizeof(seen));
	printf("act %s %d %d\n", what, kind, count);
	fflush(stdout);
}

static uint64_t lookup(int fd, uint32_t key)
{
	uint64_t value = 0;

	map_operate(fd, LOOKUP, &key, &value, NULL, 0);
	return value;
}

// Waits until a counter of a program has come that far: a test that waits in vain is ended by its deadline.
static void until(int fd, uint32_t key, uint64_t wanted)
{
	while (lookup(fd, key) < wanted)
		usleep(2000);
}

static int poll_all(int64_t object, int fd, int wanted, int room)
{
	int delivered = 0;

	while (seen.samples < wanted) {
		const int got = buffer_poll(object, fd, on_sample, &seen, buffer, room, 100);
		if (got < 0)
			return got;
		delivered += got;
	}
	return delivered;
}

// What is there, of which nobody knows how much it is.
static int poll_present(int64_t object, int fd)
{
	int delivered = 0, got;

	while ((got = buffer_poll(object, fd, on_sample, &seen, buffer, ROOM, 0)) > 0)
		delivered += got;
	return got < 0 ? got : delivered;
}

static int64_t loads(void)
{
	static const char garbage[] = "\177ELF, and nothing else";

	SAY("load garbage", load_object(garbage, sizeof(garbage)));
	SAY("load nothing", load_object(garbage, 0));
	SAY("load half of an object", load_object(abi_object, abi_object_size / 2));
	SAY("load what the verifier refuses", load_object(refused_object, refused_object_size));
	const int64_t object = load_object(abi_object, abi_object_size);
	SAY("load an object", object);
	const int64_t again = load_object(abi_object, abi_object_size);
	SAY("load it again", again);
	SAY("close an object", close_object(again));
	SAY("close it twice", close_object(again));
	SAY("close an object that never was", close_object(99));
	SAY("find a map of a closed object", map_fd(again, "events"));
	SAY("attach a program of a closed object", attach(again, "on_call", NULL));
	return object;
}

static void attachments(int64_t object)
{
	SAY("attach an unknown program", attach(object, "no_such_program", NULL));
	SAY("attach a program of no object", attach(77, "on_call", NULL));
	SAY("attach", attach(object, "on_call", NULL));
	int64_t another = load_object(abi_object, abi_object_size);
	SAY("attach what looks at no descriptor by one that is none", attach_fd(another, "on_call", 99));
	close_object(another);
	another = load_object(abi_object, abi_object_size);
	SAY("attach with an empty target", attach(another, "on_call", ""));
	close_object(another);
	another = load_object(abi_object, abi_object_size);
	SAY("attach with a target that its type does not look at", attach(another, "on_call", "/no/such/place"));
	close_object(another);
	SAY("find a map", map_fd(object, "events") > 2);
	SAY("find an unknown map", map_fd(object, "no_such_map"));
	SAY("find the map of a section", map_fd(object, ".rodata") > 2);
	SAY("find the same by libbpf's name", map_fd(object, ".rodata") == map_fd(object, "guest.rodata"));
	SAY("find the map of a section that it has not", map_fd(object, ".data"));
	SAY("find a map of no object", map_fd(77, "events"));
}

// The folders that it was given: a control group, and one that is none.
enum { CGROUP_FOLDER = 3, OTHER_FOLDER = 4 };

static void folders(const char *cgroup)
{
	const int64_t object = load_object(targets_object, targets_object_size);
	const int fd = map_fd(object, "seen");
	char path[256];

	SAY("attach sockops by a folder that is no cgroup", attach_fd(object, "on_socket", OTHER_FOLDER));
	SAY("attach xdp by a folder", attach_fd(object, "on_packet", CGROUP_FOLDER));
	SAY("attach xdp by a descriptor that is no folder", attach_fd(object, "on_packet", 99));
	SAY("attach sockops by a descriptor that is no folder", attach_fd(object, "on_socket", 99));
	SAY("attach sockops by a stream", attach_fd(object, "on_socket", 1));
	SAY("attach cgroup_skb by the descriptor of a cgroup", attach_fd(object, "on_ingress", CGROUP_FOLDER));
	SAY("attach sockops by the descriptor -1", attach_fd(object, "on_socket", -1));
	const int opened = open(cgroup, O_RDONLY | O_DIRECTORY);
	SAY("open a cgroup that it was given", opened > OTHER_FOLDER);
	SAY("attach by a folder that it has opened itself", attach_fd(object, "on_socket", opened));
	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	const int file = open(path, O_RDONLY);
	SAY("open a file in it", file > opened);
	SAY("attach by a file", attach_fd(object, "on_socket", file));
	SAY("attach sockops by the descriptor of a cgroup", attach_fd(object, "on_socket", CGROUP_FOLDER));
	act("talk", 0, 0);
	until(fd, 0, 1);
	SAY("attach an unknown program by a descriptor", attach_fd(object, "no_such_program", CGROUP_FOLDER));
	SAY("close what is attached by a descriptor", close_object(object));
	SAY("attach a program of a closed object by a descriptor", attach_fd(object, "on_socket", CGROUP_FOLDER));

	const int64_t another = load_object(targets_object, targets_object_size);
	SAY("give a folder another descriptor", __wasilibc_fd_renumber(CGROUP_FOLDER, file));
	SAY("attach by the descriptor that a folder had", attach_fd(another, "on_socket", CGROUP_FOLDER));
	SAY("attach by the descriptor that it has now", attach_fd(another, "on_socket", file));
	close(OTHER_FOLDER);
	SAY("attach by a folder that is closed", attach_fd(another, "on_socket", OTHER_FOLDER));
	close_object(another);
}

static void targets(const char *cgroup, const char *interface)
{
	const int64_t object = load_object(targets_object, targets_object_size);
	const int fd = map_fd(object, "seen");

	SAY("attach sockops without a target", attach(object, "on_socket", NULL));
	SAY("attach sockops to a folder that is none", attach(object, "on_socket", "/no/such/folder"));
	SAY("attach sockops to a folder that is no cgroup", attach(object, "on_socket", "/"));
	SAY("attach sockops to a cgroup", attach(object, "on_socket", cgroup));
	act("talk", 0, 0);
	until(fd, 0, 1);
	SAY("attach xdp without a target", attach(object, "on_packet", NULL));
	SAY("attach xdp to an interface that is none", attach(object, "on_packet", "no-such-if"));
	SAY("attach xdp to an interface", attach(object, "on_packet", interface));
	SAY("attach xdp where another is", attach(object, "on_packet", interface));
	act("datagram", 0, 0);
	until(fd, 1, 1);
	SAY("attach tc without a target", attach(object, "on_frame", NULL));
	SAY("attach tc to an interface that is none", attach(object, "on_frame", "no-such-if"));
	SAY("attach tc to an interface", attach(object, "on_frame", interface));
	SAY("attach socket without a target", attach(object, "on_copy", NULL));
	SAY("attach socket to an interface that is none", attach(object, "on_copy", "no-such-if"));
	SAY("attach socket to an interface", attach(object, "on_copy", interface));
	SAY("attach cgroup_skb without a target", attach(object, "on_ingress", NULL));
	SAY("attach cgroup_skb to a folder that is none", attach(object, "on_ingress", "/no/such/folder"));
	SAY("attach cgroup_skb to a folder that is no cgroup", attach(object, "on_ingress", "/"));
	SAY("attach cgroup_skb to a cgroup", attach(object, "on_ingress", cgroup));
	act("datagram", 0, 0);
	until(fd, 2, 1);
	until(fd, 3, 1);
	act("talk", 0, 0);
	until(fd, 4, 1);
	SAY("close what is attached", close_object(object));
}

static void buffers(int64_t object)
{
	const int events = map_fd(object, "events");
	const int more = map_fd(object, "more");
	const int samples = map_fd(object, "samples");
	struct timespec before, after;

	SAY("poll with no object", buffer_poll(77, events, on_sample, NULL, buffer, ROOM, 0));
	SAY("poll an unknown map", buffer_poll(object, 5, on_sample, NULL, buffer, ROOM, 0));
	SAY("poll a map without events", buffer_poll(object, map_fd(object, "hash"), on_sample, NULL, buffer, ROOM, 0));
	SAY("poll an empty buffer", buffer_poll(object, events, on_sample, NULL, buffer, ROOM, 0));
	clock_gettime(CLOCK_MONOTONIC, &before);
	SAY("poll an empty buffer for a while", buffer_poll(object, events, on_sample, NULL, buffer, ROOM, 50));
	clock_gettime(CLOCK_MONOTONIC, &after);
	SAY("it waited", (after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec >= 50000000);

	act("call", TO_EVENTS, 1000);
	SAY("poll a ring buffer", poll_all(object, events, 1000, ROOM));
	SAY("samples in order", seen.in_order);
	SAY("size of a sample", seen.size);
	SAY("context of a sample", seen.context == &seen);
	SAY("place of a sample", seen.data == buffer);

	act("call", TO_MORE, 50);
	SAY("poll another ring buffer of the object", poll_all(object, more, 50, ROOM));
	SAY("its samples in order", seen.in_order);

	act("call", TO_SAMPLES, 100);
	until(map_fd(object, "calls"), TO_SAMPLES, 100);
	SAY("poll a perf buffer for what was sent before", poll_present(object, samples));
	act("call", TO_SAMPLES, 100);
	SAY("poll a perf buffer", poll_all(object, samples, 100, ROOM));
	SAY("size of its samples", seen.size);

	memset(buffer, 'y', sizeof(buffer));
	act("call", LARGE_TO_EVENTS, 3);
	SAY("poll with little room", poll_all(object, events, 3, 100));
	SAY("large samples in order", seen.in_order);
	SAY("size of a sample that was cut", seen.size);
	SAY("what is behind it is left alone", buffer[99] == 'x' && buffer[100] == 'y');

	act("call", TO_EVENTS, 5);
	until(map_fd(object, "calls"), TO_EVENTS, 1005);
	seen.result_at = 2;
	seen.result = -7;
	SAY("poll with a callback that refuses", buffer_poll(object, events, on_sample, NULL, buffer, ROOM, 1000));
	SAY("poll for what it left", buffer_poll(object, events, on_sample, NULL, buffer, ROOM, 1000));
	SAY("all of them in order", seen.in_order);
}

static void two_objects(int64_t first)
{
	const int64_t second = load_object(abi_object, abi_object_size);
	const int fd = map_fd(second, "events");

	SAY("poll a map of another object", buffer_poll(first, fd, on_sample, NULL, buffer, ROOM, 0));
	SAY("attach by the descriptor -1", attach_fd(second, "on_call", -1));
	act("call", TO_EVENTS, 20);
	SAY("poll one of two objects", poll_all(first, map_fd(first, "events"), 20, ROOM));
	memset(&seen, 0, sizeof(seen));
	SAY("poll the other", poll_all(second, fd, 20, ROOM));
	SAY("close the other", close_object(second));
	SAY("poll a closed object", buffer_poll(second, fd, on_sample, NULL, buffer, ROOM, 0));
	SAY("change a map of a closed object", map_operate(fd, LOOKUP, buffer, buffer, NULL, 0));
}

static int put(int fd, uint32_t key, uint64_t value, int64_t flags)
{
	return map_operate(fd, UPDATE, &key, &value, NULL, flags);
}

static void hash_map(int64_t object)
{
	const int fd = map_fd(object, "hash");
	uint32_t key = 1;
	uint64_t value = 0;

	SAY("look up what is not there", map_operate(fd, LOOKUP, &key, &value, NULL, 0));
	SAY("look up with flags that make no sense", map_operate(fd, LOOKUP, &key, &value, NULL, 1 << 20));
	SAY("change only what is there", put(fd, 1, 11, EXIST));
	SAY("put", put(fd, 1, 0x100000002, NOEXIST));
	SAY("put only what is not there", put(fd, 1, 12, NOEXIST));
	SAY("look up", map_operate(fd, LOOKUP, &key, &value, NULL, 0));
	SAY("value", value);
	put(fd, 2, 22, ANY);
	put(fd, 3, 33, ANY);
	SAY("put into a full map", put(fd, 4, 44, ANY));
	// A guest has no other way to ask for the first key than address 0.
	uint32_t next = 0, keys = 0, sum = 0;
	for (void *from = NULL; map_operate(fd, GET_NEXT_KEY, from, NULL, &next, 0) == 0; from = &key) {
		key = next;
		keys++;
		sum += key;
	}
	SAY("keys", keys);
	SAY("sum of the keys", sum);
	SAY("the key behind the last", map_operate(fd, GET_NEXT_KEY, &key, NULL, &next, 0));
	SAY("remove", map_operate(fd, DELETE, &key, NULL, NULL, 0));
	SAY("remove it twice", map_operate(fd, DELETE, &key, NULL, NULL, 0));
	SAY("a command that is none", map_operate(fd, 9, &key, &value, NULL, 0));
	SAY("a negative command", map_operate(fd, -1, &key, &value, NULL, 0));
	SAY("a descriptor that is no map", map_operate(4, LOOKUP, &key, &value, NULL, 0));
	SAY("a negative descriptor", map_operate(-1, LOOKUP, &key, &value, NULL, 0));
}

static void array_map(int64_t object)
{
	const int fd = map_fd(object, "array");
	uint32_t key = 3;

	SAY("put into an array", put(fd, 3, 5, ANY));
	SAY("value in an array", lookup(fd, 3));
	SAY("put behind an array", put(fd, 4, 5, ANY));
	SAY("remove from an array", map_operate(fd, DELETE, &key, NULL, NULL, 0));
}

// As many values as the kernel may have processors: the host says how many, as an argument.
static uint64_t values[1024];

static void per_cpu_map(int64_t object, const char *name, int cpus)
{
	const int fd = map_fd(object, name);
	uint32_t key = 1;
	uint64_t sum = 0;

	for (int cpu = 0; cpu < cpus; cpu++)
		values[cpu] = 1000;
	values[cpus] = 4711;
	printf("%s: ", name);
	SAY("put for each processor", map_operate(fd, UPDATE, &key, values, NULL, ANY));
	act("call", PER_CPU, 10);
	const int calls = map_fd(object, "calls");
	until(calls, PER_CPU, name[4] == 'a' ? 10 : 20);
	memset(values, 0, (size_t)cpus * sizeof(*values));
	printf("%s: ", name);
	SAY("look up for each processor", map_operate(fd, LOOKUP, &key, values, NULL, 0));
	for (int cpu = 0; cpu < cpus; cpu++)
		sum += values[cpu];
	printf("%s: ", name);
	SAY("counted beyond what was put", sum - 1000 * (uint64_t)cpus);
	printf("%s: ", name);
	SAY("what is behind the last processor is left alone", values[cpus] == 4711);
}

static void maps_of_descriptors(int64_t object)
{
	uint32_t key = 1, value = (uint32_t)map_fd(object, "inner");
	const int outer = map_fd(object, "outer");

	SAY("put a map of its own into a map", map_operate(outer, UPDATE, &key, &value, NULL, ANY));
	value = 3;
	SAY("put a map that is not its own", map_operate(outer, UPDATE, &key, &value, NULL, ANY));
	SAY("put a program", map_operate(map_fd(object, "programs"), UPDATE, &key, &value, NULL, ANY));
	SAY("put into a perf buffer", map_operate(map_fd(object, "samples"), UPDATE, &key, &value, NULL, ANY));
}

static void records(int64_t object)
{
	struct event event = {TO_EVENTS, 3, 9};

	SAY("emit", emit(object, "event", &event, sizeof(event)));
	SAY("emit an unknown struct", emit(object, "no_such_struct", &event, sizeof(event)));
	SAY("emit another size", emit(object, "event", &event, sizeof(event) - 1));
	SAY("emit for no object", emit(77, "event", &event, sizeof(event)));
	SAY("emit what is too large", emit(object, "event", &event, 1024 * 1024 + 1));
}

static void flood(void)
{
	const int64_t object = load_object(abi_object, abi_object_size);

	attach(object, "on_call", NULL);
	act("call", TO_TINY, 500);
	until(map_fd(object, "calls"), TO_TINY, 500);
	SAY("samples that a full buffer has kept", poll_present(object, map_fd(object, "tiny")));
}

// Makes a record of ten samples, until it is ended.
static void gather(void)
{
	const int64_t object = load_object(abi_object, abi_object_size);
	const int fd = map_fd(object, "events");
	struct event gathered = {TO_EVENTS, 0, 0};

	attach(object, "on_call", NULL);
	act("call", TO_EVENTS, 100);
	for (int done = 0;;) {
		if (buffer_poll(object, fd, on_sample, &seen, buffer, ROOM, 100) < 0)
			return;
		for (; seen.samples - done >= 10; done += 10) {
			gathered.number = (unsigned)done + 10;
			emit(object, "event", &gathered, sizeof(gathered));
		}
	}
}

int main(int argc, char **argv)
{
	int cpus = 0;

	if (argc == 2 && strcmp(argv[1], "flood") == 0)
		return flood(), 0;
	if (argc == 2 && strcmp(argv[1], "gathers") == 0)
		return gather(), 3;
	if (argc != 4 || sscanf(argv[3], "%d", &cpus) != 1)
		return 2;
	const int64_t object = loads();
	attachments(object);
	targets(argv[1], argv[2]);
	folders(argv[1]);
	buffers(object);
	two_objects(object);
	hash_map(object);
	array_map(object);
	per_cpu_map(object, "cpu_array", cpus);
	per_cpu_map(object, "cpu_hash", cpus);
	maps_of_descriptors(object);
	records(object);
	return 7;
}
