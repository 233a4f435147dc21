/*
 * A process whose stack is known: main calls outer_work, which calls inner_work, which works and then calls kill(self, 0).
 *
 *   busy ROUNDS [SPINS]
 *
 * Prints "ready PID PID", waits for a line on stdin, and does ROUNDS times SPINS steps of work and one call. Then it stays until
 * stdin ends, so that its addresses can be looked up.
 * Built with frame pointers, since that is how the kernel walks a stack of user space.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile unsigned long work;

/* A function that calls no other has no frame: this is for inner_work to call. */
__attribute__((noipa)) void settle(void)
{
}

/* The system call is made here and not in libc, so that this is the innermost function. */
__attribute__((noipa)) long inner_work(pid_t pid, long spins)
{
	long result;

	for (long spin = 0; spin < spins; spin++)
		work += spin;
	asm volatile("syscall"
		     : "=a"(result)
		     : "a"(SYS_kill), "D"((long)pid), "S"(0L)
		     : "rcx", "r11", "memory");
	settle();
	return result;
}

__attribute__((noipa)) long outer_work(pid_t pid, long spins)
{
	return inner_work(pid, spins) + work;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 1;
	long spins = argc > 2 ? atol(argv[2]) : 0;
	char go[16];

	printf("ready %d %d\n", getpid(), getpid());
	fflush(stdout);
	if (read(STDIN_FILENO, go, sizeof(go)) <= 0)
		return 1;
	for (long round = 0; round < rounds; round++)
		work += outer_work(getpid(), spins);
	printf("done\n");
	fflush(stdout);
	while (read(STDIN_FILENO, go, sizeof(go)) > 0)
		;
	return 0;
}
