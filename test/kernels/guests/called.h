/*
 * What the programs here are run for: calls of getpgid() with a number that no process has, in which stand what is to be done, and the number of the call.
 */
#define CALLED 0x5e000000
#define CALL_OF(kind, number) (CALLED | (kind) << 16 | (number))
#define IS_CALL(argument) (((argument) & 0xff000000) == CALLED)
#define KIND_OF(argument) ((argument) >> 16 & 0xff)
#define NUMBER_OF(argument) ((argument) & 0xffff)

enum { TO_EVENTS = 1, TO_MORE = 2, TO_SAMPLES = 3, LARGE_TO_EVENTS = 4, TO_TINY = 5, PER_CPU = 6 };

struct event {
	unsigned int kind;
	unsigned int number;
	unsigned long long square;
};

struct large {
	struct event event;
	char text[384];
};
