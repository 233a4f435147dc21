// Calls getpgid() as the programs of guests wait for. Usage: caller KIND COUNT
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "called.h"

int main(int argc, char **argv)
{
	const int kind = argc > 2 ? atoi(argv[1]) : 0;
	const int count = argc > 2 ? atoi(argv[2]) : 0;

	for (int number = 0; number < count; number++)
		syscall(SYS_getpgid, CALL_OF(kind, number));
	return 0;
}
