/*
 * Calls getppid() as it is told on stdin, one order a line, and answers each with how often it did:
 *
 *   count N      N times
 *   seconds S    for S seconds
 */
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

int main(void)
{
	char order[16];
	long value;

	while (scanf("%15s %ld", order, &value) == 2) {
		double end = now() + value;
		long calls = 0;

		if (!strcmp(order, "count"))
			for (; calls < value; calls++)
				syscall(SYS_getppid);
		else
			/* Looking at the clock costs far less than a call with an event, and nothing every 256 calls. */
			for (; (calls & 255) || now() < end; calls++)
				syscall(SYS_getppid);
		printf("%ld\n", calls);
		fflush(stdout);
	}
	return 0;
}
