/*
 * A process whose stack is known: main calls outer_work, which calls inner_work, which works and then calls kill(self, 0).
 *
 *   busy ROUNDS [MS]
 *
 * Prints "ready PID PID", waits for a line on stdin, and does ROUNDS times MS milliseconds of work and one call. Then it stays until
 * stdin ends, so that its addresses can be looked up.
 * Built with frame pointers, since that is how the kernel walks a stack of user space.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Steps of work between two looks at the clock. */
#define SPINS 20000

static volatile unsigned long work;

/* A function that calls no other has no frame: this is for inner_work to call. */
__attribute__((noipa)) void settle(void)
{
}

/* The system call is made here and not in libc, so that this is the innermost function. */
__attribute__((noipa)) long inner_work(pid_t pid, int calls)
{
	long result = 0;

	for (long spin = 0; spin < SPINS; spin++)
		work += spin;
	if (calls)
		asm volatile("syscall"
			     : "=a"(result)
			     : "a"(SYS_kill), "D"((long)pid), "S"(0L)
			     : "rcx", "r11", "memory");
	settle();
	return result;
}

__attribute__((noipa)) long outer_work(pid_t pid, int calls)
{
	return inner_work(pid, calls) + work;
}

/* Of this process, in milliseconds. */
static long cpu_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 1;
	long ms = argc > 2 ? atol(argv[2]) : 0;
	char go[16];

	printf("ready %d %d\n", getpid(), getpid());
	fflush(stdout);
	if (read(STDIN_FILENO, go, sizeof(go)) <= 0)
		return 1;
	for (long round = 0; round < rounds; round++) {
		long until = cpu_time() + ms;

		while (cpu_time() < until)
			work += outer_work(getpid(), 0);
		work += outer_work(getpid(), 1);
	}
	printf("done\n");
	fflush(stdout);
	while (read(STDIN_FILENO, go, sizeof(go)) > 0)
		;
	return 0;
}
