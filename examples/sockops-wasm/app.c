// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include "sockops.skel.h"

static int on_connection(void *context, const struct sockops_connection *connection, size_t size)
{
	(void)size;
	return sockops__emit_connection(context, connection);
}

// By its path, which the host opens; or as a folder that the user gave to the guest with --allow=wasi:dir.
static int attach(const struct sockops_skel *skel, const char *path, bool by_folder)
{
	int fd, result;

	if (!by_folder)
		return sockops__attach_on_socket_to(skel, path);
	fd = open(path, O_RDONLY | O_DIRECTORY);
	if (fd < 0) {
		perror(path);
		return fd;
	}
	result = sockops__attach_on_socket_fd(skel, fd);
	return result;
}

int main(int argc, char **argv)
{
	struct sockops_skel skel;
	bool by_folder = argc == 3 && strcmp(argv[2], "--folder") == 0;
	int result;

	if (argc != 2 && !by_folder) {
		fprintf(stderr, "Usage: %s CGROUP [--folder]\n", argv[0]);
		return 2;
	}
	if (sockops__load(&skel) != 0)
		return 1;
	result = attach(&skel, argv[1], by_folder);
	while (result >= 0)
		result = sockops__poll_connections(&skel, on_connection, &skel, 100);
	fprintf(stderr, "sockops: %s\n", ebpm_error(result));
	return 1;
}
