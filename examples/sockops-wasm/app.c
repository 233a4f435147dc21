// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>
#include "sockops.skel.h"

static int on_connection(void *context, const struct sockops_connection *connection, size_t size)
{
	(void)size;
	return sockops__emit_connection(context, connection);
}

// The first folder that the user has given to the guest, as WASI numbers them.
#define FIRST_FOLDER 3

int main(int argc, char **argv)
{
	struct sockops_skel skel;
	int result;

	if (argc != 2) {
		fprintf(stderr, "Usage: %s CGROUP|--folder\n", argv[0]);
		return 2;
	}
	if (sockops__load(&skel) != 0)
		return 1;
	// By its path, which the host opens; or by a folder of the guest's own.
	result = strcmp(argv[1], "--folder") == 0 ? sockops__attach_on_socket_fd(&skel, FIRST_FOLDER)
						  : sockops__attach_on_socket_to(&skel, argv[1]);
	while (result >= 0)
		result = sockops__poll_connections(&skel, on_connection, &skel, 100);
	fprintf(stderr, "sockops: %s\n", ebpm_error(result));
	return 1;
}
