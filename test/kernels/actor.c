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
#include <sys/un.h>
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

// An address that any family's calls take, and its length.
struct address {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
  };
  socklen_t length;
};

// The loopback interface's, or in /tmp. An AF_UNIX socket of an earlier run is removed.
static struct address address_of(int family, int port) {
  struct address address = {.any = {.sa_family = (sa_family_t)family}};
  if (family == AF_INET) {
    address.v4.sin_port = htons((uint16_t)port);
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.length = sizeof(address.v4);
  } else if (family == AF_INET6) {
    address.v6.sin6_port = htons((uint16_t)port);
    address.v6.sin6_addr = in6addr_loopback;
    address.length = sizeof(address.v6);
  } else {
    snprintf(address.local.sun_path, sizeof(address.local.sun_path), "/tmp/actor-%d", port);
    unlink(address.local.sun_path);
    address.length = sizeof(address.local);
  }
  return address;
}

static int bind_socket(int family) {
  const int descriptor = socket(family, SOCK_STREAM, 0);
  const struct address address = address_of(family, 7008);
  return result(bind(descriptor, &address.any, address.length));
}

// A connection over loopback: its two ends know each other's names, and some bytes go from one to the other.
static int talk(int family, const char *congestion) {
  const struct address address = address_of(family, PORT);
  struct address name;
  const int listener = socket(family, SOCK_STREAM, 0);
  const int one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
  if (bind(listener, &address.any, address.length) != 0 || listen(listener, 1) != 0) return errno;
  const int client = socket(family, SOCK_STREAM, 0);
  if (congestion != NULL && setsockopt(client, IPPROTO_TCP, TCP_CONGESTION, congestion, strlen(congestion)) != 0)
    return errno;
  if (connect(client, &address.any, address.length) != 0) return errno;
  const int server = accept(listener, NULL, NULL);
  name.length = sizeof(name);
  if (getpeername(client, &name.any, &name.length) != 0) return errno;
  name.length = sizeof(name);
  // The end that has a name in every family.
  if (getsockname(listener, &name.any, &name.length) != 0) return errno;
  char bytes[8] = "";
  // Twice: a parser may hold the first back until it has seen the second.
  for (int round = 0; round < 2; round++) {
    if (write(client, "hello", 5) != 5) return errno;
    if (read(server, bytes, sizeof(bytes)) != 5) return EIO;
  }
  return 0;
}

// One datagram, whose receiver asks who sent it.
static int send_datagram(int family) {
  const struct address address = address_of(family, 7009);
  struct address sender;
  char byte;
  const int receiver = socket(family, SOCK_DGRAM, 0);
  if (bind(receiver, &address.any, address.length) != 0) return errno;
  const int client = socket(family, SOCK_DGRAM, 0);
  if (sendto(client, "x", 1, 0, &address.any, address.length) != 1) return errno;
  sender.length = sizeof(sender);
  return result((int)recvfrom(receiver, &byte, 1, 0, &sender.any, &sender.length));
}

static int set_option(void) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  const int one = 1;
  return result(setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one)));
}

static int get_option(void) {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  int value = 0;
  socklen_t length = sizeof(value);
  return result(getsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &value, &length));
}

static int family_of(const char *name) {
  return name == NULL ? AF_INET : strcmp(name, "6") == 0 ? AF_INET6 : AF_UNIX;
}

static void on_signal(int signal) { traced_once(signal); }

// Calls the traced function at each signal, for ever.
static void serve(void) {
  signal(SIGUSR1, on_signal);
  printf("ready\n");
  fflush(stdout);
  for (;;) pause();
}

static void spin(void) {
  printf("ready\n");
  fflush(stdout);
  for (;;) __asm__ volatile("");
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
  else if (strcmp(action, "spin") == 0) spin(), answer = 0;
  else if (strcmp(action, "socket") == 0) answer = result(socket(AF_INET, SOCK_STREAM, 0));
  else if (strcmp(action, "bind") == 0) answer = bind_socket(family_of(argument));
  else if (strcmp(action, "talk") == 0) answer = talk(family_of(argument), NULL);
  else if (strcmp(action, "congestion") == 0) answer = talk(AF_INET, argument);
  else if (strcmp(action, "datagram") == 0) answer = send_datagram(family_of(argument));
  else if (strcmp(action, "set-option") == 0) answer = set_option();
  else if (strcmp(action, "get-option") == 0) answer = get_option();
  else if (strcmp(action, "read") == 0 && argument != NULL) answer = read_file(argument);
  else return 2;
  printf("%d\n", answer);
  return 0;
}
