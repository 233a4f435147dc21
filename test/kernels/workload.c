/*
 * A process that does exactly what a plan says, and nothing else that a tool under test could see.
 *
 *   workload PLAN
 *
 * PLAN is a file with one action a line. The process prints "ready PID TARGET" (TARGET is a child that ignores
 * every signal it can), waits for a line on stdin, does the actions in order and exits with 0.
 *
 *   kill|tkill WHO SIGNAL     WHO is "self", "target" or a number
 *   tgkill WHO SIGNAL
 *   open|openat FLAGS PATH    closes what it opened
 *   unlink|unlinkat PATH
 *   exec PATH ARGUMENT        in a child, which is waited for
 *   name HEX                  becomes the name of the process (comm)
 *   tcp 4|6 PORT              listens, connects to itself, accepts and closes all: the connecting end first
 *
 * Statically linked, so that no dynamic loader opens files on its behalf.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char plan[1 << 20];
static pid_t target;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void read_plan(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(path);
	size_t length = 0;
	ssize_t got;
	while ((got = read(fd, plan + length, sizeof(plan) - 1 - length)) > 0)
		length += got;
	close(fd);
}

static void ignore_signals(void)
{
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_IGN);
}

/* Ends with its parent by PR_SET_PDEATHSIG, which is no system call that anybody makes. */
static pid_t start_target(void)
{
	pid_t pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid > 0)
		return pid;
	ignore_signals();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static pid_t who(const char *word)
{
	if (strcmp(word, "self") == 0)
		return getpid();
	if (strcmp(word, "target") == 0)
		return target;
	return atoi(word);
}

static void run_in_child(const char *path, const char *argument)
{
	pid_t pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		signal(SIGCHLD, SIG_DFL);
		execl(path, path, argument, (char *)NULL);
		_exit(127);
	}
	int status;
	while (waitpid(pid, &status, 0) < 0)
		;
}

static void set_name(const char *hex)
{
	char name[16] = "";
	for (size_t i = 0; i < sizeof(name) - 1 && sscanf(hex + 2 * i, "%2hhx", &name[i]) == 1; i++)
		;
	prctl(PR_SET_NAME, name);
}

/* A fresh network has its loopback down. */
static void raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		fail("lo");
	request.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		fail("lo");
	close(fd);
}

static void talk_tcp(int family, int port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	const struct sockaddr *address = family == 6 ? (void *)&v6 : (void *)&v4;
	socklen_t length = family == 6 ? sizeof(v6) : sizeof(v4);
	int listener, from, to;

	raise_loopback();
	listener = socket(address->sa_family, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, address, length) < 0 || listen(listener, 1) < 0)
		fail("listen");
	from = socket(address->sa_family, SOCK_STREAM, 0);
	if (from < 0 || connect(from, address, length) < 0)
		fail("connect");
	to = accept(listener, NULL, NULL);
	if (to < 0)
		fail("accept");
	close(from);
	/* Until the end of the connection has come, so that the order is always the same. */
	char end;
	if (read(to, &end, 1) != 0)
		fail("read");
	close(to);
	close(listener);
}

static void act(char *line)
{
	char *verb = strtok(line, " ");
	char *first = strtok(NULL, " ");
	char *second = strtok(NULL, "");
	if (verb == NULL || first == NULL)
		return;
	if (strcmp(verb, "kill") == 0)
		syscall(SYS_kill, who(first), atoi(second));
	else if (strcmp(verb, "tkill") == 0)
		syscall(SYS_tkill, who(first), atoi(second));
	else if (strcmp(verb, "tgkill") == 0)
		syscall(SYS_tgkill, who(first), who(first), atoi(second));
	else if (strcmp(verb, "open") == 0)
		close(syscall(SYS_open, second, atoi(first), 0600));
	else if (strcmp(verb, "openat") == 0)
		close(syscall(SYS_openat, AT_FDCWD, second, atoi(first), 0600));
	else if (strcmp(verb, "unlink") == 0)
		syscall(SYS_unlink, first);
	else if (strcmp(verb, "unlinkat") == 0)
		syscall(SYS_unlinkat, AT_FDCWD, first, 0);
	else if (strcmp(verb, "exec") == 0)
		run_in_child(first, second);
	else if (strcmp(verb, "name") == 0)
		set_name(first);
	else if (strcmp(verb, "tcp") == 0)
		talk_tcp(atoi(first), atoi(second));
	else {
		fprintf(stderr, "no such action: %s\n", verb);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	read_plan(argv[1]);
	target = start_target();
	ignore_signals();
	/* An ignored SIGCHLD would make children vanish before they are waited for. */
	signal(SIGCHLD, SIG_DFL);
	printf("ready %d %d\n", getpid(), target);
	fflush(stdout);
	char go[16];
	if (read(STDIN_FILENO, go, sizeof(go)) <= 0)
		fail("stdin");
	char *line, *rest = plan;
	while ((line = strsep(&rest, "\n")) != NULL)
		act(line);
	_exit(0);
}
