#include "helper-protocol.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstring>

#include "process-file.h"

namespace {

struct Request {
  uint32_t pid;
  uint32_t kind;
  char path[PATH_MAX];
};

constexpr size_t kRequestHead = offsetof(Request, path);

}  // namespace

void SendReply(int socket, int result) {
  int32_t error = result < 0 ? -result : 0;
  iovec bytes{&error, sizeof(error)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))]{};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  if (result >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &result, sizeof(int));
  }
  sendmsg(socket, &message, MSG_NOSIGNAL);
  if (result >= 0) close(result);
}

void ServeRequests(int socket) {
  Request request;
  for (;;) {
    const ssize_t length = recv(socket, &request, sizeof(request), 0);
    if (length < static_cast<ssize_t>(kRequestHead)) return;
    const std::string path(request.path, static_cast<size_t>(length) - kRequestHead);
    SendReply(socket, OpenProcessFile(static_cast<pid_t>(request.pid), static_cast<ProcessFile>(request.kind), path));
  }
}

int ReceiveReply(int socket) {
  int32_t error = 0;
  iovec bytes{&error, sizeof(error)};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t length = 0;
  while ((length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
  }
  if (length != sizeof(error)) return -EPIPE;
  if (error != 0) return -error;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return -EPIPE;
  int fd = -1;
  memcpy(&fd, CMSG_DATA(header), sizeof(fd));
  return fd;
}

int AskForFile(int socket, uint32_t pid, uint32_t kind, const std::string& path) {
  Request request{};
  if (path.size() > sizeof(request.path)) return -ENAMETOOLONG;
  request.pid = pid;
  request.kind = kind;
  memcpy(request.path, path.data(), path.size());
  const size_t length = kRequestHead + path.size();
  if (send(socket, &request, length, MSG_NOSIGNAL) != static_cast<ssize_t>(length)) return -EPIPE;
  return ReceiveReply(socket);
}
