/*
 * Opens, loads and attaches an object again and again with libbpf, and prints how long each time took, in ns.
 *
 *   load OBJECT NAME ROUNDS SECTION OFFSET VALUE
 *
 * VALUE is written as a 32-bit number at OFFSET of the data section, as an option of the program would be.
 */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char object[1 << 20];

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void fail(const char *what)
{
	fprintf(stderr, "%s failed\n", what);
	exit(1);
}

static void set_option(struct bpf_object *opened, const char *section, size_t offset, int value)
{
	struct bpf_map *map = bpf_object__find_map_by_name(opened, section);
	size_t size;
	const void *initial = map ? bpf_map__initial_value(map, &size) : NULL;
	char *data;

	if (!initial || offset + sizeof(value) > size)
		fail("finding the option");
	data = malloc(size);
	memcpy(data, initial, size);
	memcpy(data + offset, &value, sizeof(value));
	if (bpf_map__set_initial_value(map, data, size))
		fail("setting the option");
	free(data);
}

int main(int argc, char **argv)
{
	struct bpf_link *links[64];
	FILE *file;
	size_t size;

	if (argc != 7 || !(file = fopen(argv[1], "rb")))
		return 2;
	size = fread(object, 1, sizeof(object), file);
	fclose(file);
	libbpf_set_print(NULL);
	for (int round = atoi(argv[3]); round > 0; round--) {
		LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = argv[2]);
		long long started = now_ns();
		struct bpf_object *opened = bpf_object__open_mem(object, size, &options);
		struct bpf_program *program;
		int count = 0;

		if (!opened)
			fail("open");
		set_option(opened, argv[4], atoi(argv[5]), atoi(argv[6]));
		if (bpf_object__load(opened))
			fail("load");
		bpf_object__for_each_program(program, opened)
			if (count == 64 || !(links[count++] = bpf_program__attach(program)))
				fail("attach");
		printf("%lld\n", now_ns() - started);
		while (count > 0)
			bpf_link__destroy(links[--count]);
		bpf_object__close(opened);
	}
	return 0;
}
