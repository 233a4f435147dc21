// Does one thing that a program of some kind is run for, and prints 0 or the errno it met.
// Usage: actor [-g CGROUP] ACTION [ARGUMENT]; -g joins a cgroup first.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PORT 7007

// What systemtap's sdt.h would make: a note that says where the point is, and that its argument is the constant 42.
#define POINT()                                                              \
  __asm__ volatile(                                                          \
      "990: nop\n"                                                           \
      ".pushsection .note.stapsdt,\"\",\"note\"\n"                           \
      ".balign 4\n"                                                          \
      ".4byte 992f-991f, 994f-993f, 3\n"                                     \
      "991: .asciz \"stapsdt\"\n"                                            \
      "992: .balign 4\n"                                                     \
      "993: .8byte 990b\n"                                                   \
      ".8byte _.stapsdt.base\n"                                              \
      ".8byte 0\n"                                                           \
      ".asciz \"ebpm\"\n"                                                    \
      ".asciz \"point\"\n"                                                   \
      ".asciz \"-4@$42\"\n"                                                  \
      "994: .balign 4\n"                                                     \
      ".popsection\n"                                                        \
      ".ifndef _.stapsdt.base\n"                                             \
      ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n" \
      ".weak _.stapsdt.base\n"                                               \
      ".hidden _.stapsdt.base\n"                                             \
      "_.stapsdt.base: .space 1\n"                                           \
      ".size _.stapsdt.base, 1\n"                                            \
      ".popsection\n"                                                        \
      ".endif\n")

__attribute__((noinline)) int traced_once(int value) {
  POINT();
  __asm__ volatile("");
  return value + 1;
}

__attribute__((noinline)) int traced_twice(int value) {
  __asm__ volatile("");
  return value + 2;
}

static int result(int value) { return value < 0 ? errno : 0; }

static void join(const char *cgroup) {
  char path[256];
  snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
  const int descriptor = open(path, O_WRONLY);
  if (descriptor < 0 || dprintf(descriptor, "%d\n", getpid()) < 0) {
    perror(path);
    exit(1);
  }
  close(descriptor);
}

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static int bind_socket(void) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  const struct sockaddr_in address = loopback(7008);
  return result(bind(descriptor, (const struct sockaddr *)&address, sizeof(address)));
}

// A connection over loopback: its two ends, and some bytes from one to the other.
static int talk(const char *congestion) {
  const struct sockaddr_in address = loopback(PORT);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const int one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
  if (bind(listener, (const struct sockaddr *)&address, sizeof(address)) != 0 || listen(listener, 1) != 0) return errno;
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  if (congestion != NULL && setsockopt(client, IPPROTO_TCP, TCP_CONGESTION, congestion, strlen(congestion)) != 0)
    return errno;
  if (connect(client, (const struct sockaddr *)&address, sizeof(address)) != 0) return errno;
  const int server = accept(listener, NULL, NULL);
  char bytes[8] = "";
  // Twice: a parser may hold the first back until it has seen the second.
  for (int round = 0; round < 2; round++) {
    if (write(client, "hello", 5) != 5) return errno;
    if (read(server, bytes, sizeof(bytes)) != 5) return EIO;
  }
  return 0;
}

static int set_option(void) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  const int one = 1;
  return result(setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)));
}

static void on_signal(int signal) { traced_once(signal); }

// Calls the traced function at each signal, for ever.
static void serve(void) {
  signal(SIGUSR1, on_signal);
  printf("ready\n");
  fflush(stdout);
  for (;;) pause();
}

static int unlink_file(void) {
  close(open("/tmp/victim", O_CREAT | O_WRONLY, 0600));
  return result((int)syscall(SYS_unlink, "/tmp/victim"));
}

static int read_file(const char *path) {
  char byte;
  const int descriptor = open(path, O_RDONLY);
  return descriptor < 0 ? errno : result((int)read(descriptor, &byte, 1));
}

int main(int argc, char **argv) {
  if (argc > 3 && strcmp(argv[1], "-g") == 0) {
    join(argv[2]);
    argv += 2;
    argc -= 2;
  }
  const char *action = argc > 1 ? argv[1] : "";
  const char *argument = argc > 2 ? argv[2] : NULL;
  int answer;
  if (strcmp(action, "unlink") == 0) answer = unlink_file();
  else if (strcmp(action, "call") == 0) answer = traced_once(0) + traced_twice(0) - 3;
  else if (strcmp(action, "serve") == 0) serve(), answer = 0;
  else if (strcmp(action, "socket") == 0) answer = result(socket(AF_INET, SOCK_STREAM, 0));
  else if (strcmp(action, "bind") == 0) answer = bind_socket();
  else if (strcmp(action, "talk") == 0) answer = talk(argument);
  else if (strcmp(action, "option") == 0) answer = set_option();
  else if (strcmp(action, "read") == 0 && argument != NULL) answer = read_file(argument);
  else return 2;
  printf("%d\n", answer);
  return 0;
}
