// Frames over a UNIX stream socket, with descriptors (SCM_RIGHTS) on the first byte of those that carry some:
//
//   | u32 bytes | u32 descriptors | bytes ... |

#include "channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "../arguments.h"
#include "../failure.h"

namespace {

/// https://github.com/torvalds/linux/blob/v6.12/include/net/scm.h#L18 (SCM_MAX_FD)
constexpr size_t kMaxDescriptors = 253;
/// What a frame to a guest's process may have: its module is the largest.
constexpr uint32_t kMaxFrameBytes = 80u * 1024 * 1024;
/// A guest's process that takes nothing for so long is lost.
constexpr int kSendTimeoutMs = 5000;

/// 0 or a positive errno.
int SendAll(int fd, msghdr* message, size_t left) {
  while (left > 0) {
    const ssize_t sent = sendmsg(fd, message, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return errno;
      pollfd waiting{fd, POLLOUT, 0};
      if (poll(&waiting, 1, kSendTimeoutMs) == 0) return ETIMEDOUT;
      continue;
    }
    left -= static_cast<size_t>(sent);
    // The descriptors went with the first byte.
    message->msg_control = nullptr;
    message->msg_controllen = 0;
    size_t passed = static_cast<size_t>(sent);
    while (passed > 0 && message->msg_iovlen > 0) {
      iovec& first = message->msg_iov[0];
      const size_t step = passed < first.iov_len ? passed : first.iov_len;
      first.iov_base = static_cast<uint8_t*>(first.iov_base) + step;
      first.iov_len -= step;
      passed -= step;
      if (first.iov_len == 0) {
        message->msg_iov++;
        message->msg_iovlen--;
      }
    }
  }
  return 0;
}

/// 0, a positive errno, or EPIPE at the end.
int ReadAll(int fd, void* into, size_t bytes) {
  auto* at = static_cast<uint8_t*>(into);
  while (bytes > 0) {
    const ssize_t got = read(fd, at, bytes);
    if (got == 0) return EPIPE;
    if (got < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    at += got;
    bytes -= static_cast<size_t>(got);
  }
  return 0;
}

/// The header of a frame and the descriptors with it. 0, a positive errno, or EPIPE at the end.
int ReadHeader(int fd, uint32_t header[2], std::vector<int>* descriptors) {
  iovec vector{header, 2 * sizeof(uint32_t)};
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))];
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t got = 0;
  do {
    got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return errno;
  if (got == 0) return EPIPE;
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    const size_t before = descriptors->size();
    descriptors->resize(before + count);
    memcpy(descriptors->data() + before, CMSG_DATA(part), count * sizeof(int));
  }
  const size_t have = static_cast<size_t>(got);
  return ReadAll(fd, reinterpret_cast<uint8_t*>(header) + have, 2 * sizeof(uint32_t) - have);
}

void CloseAll(const std::vector<int>& descriptors) {
  for (const int fd : descriptors) close(fd);
}

/// `socketPair()` -> `[a, b]`
Napi::Value SocketPair(const Napi::CallbackInfo& info) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
    ThrowFailure(info.Env(), errno);
    return info.Env().Undefined();
  }
  Napi::Array pair = Napi::Array::New(info.Env(), 2);
  pair.Set(0u, ends[0]);
  pair.Set(1u, ends[1]);
  return pair;
}

/// `sendFrame(fd, bytes, descriptors)`
Napi::Value SendFrame(const Napi::CallbackInfo& info) {
  int32_t fd = -1;
  const uint8_t* bytes = nullptr;
  size_t size = 0;
  std::vector<int> descriptors;
  if (!ReadInt32(info, 0, &fd) || !ReadBytes(info, 1, &bytes, &size) || !ReadInt32s(info, 2, &descriptors)) {
    return info.Env().Undefined();
  }
  if (descriptors.size() > kMaxDescriptors || size > kMaxFrameBytes) return Done(info.Env(), -E2BIG);
  uint32_t header[2] = {static_cast<uint32_t>(size), static_cast<uint32_t>(descriptors.size())};
  iovec vectors[2] = {{header, sizeof(header)}, {const_cast<uint8_t*>(bytes), size}};
  msghdr message{};
  message.msg_iov = vectors;
  message.msg_iovlen = 2;
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxDescriptors * sizeof(int))]{};
  if (!descriptors.empty()) {
    const size_t dataBytes = descriptors.size() * sizeof(int);
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(dataBytes);
    cmsghdr* rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(dataBytes);
    memcpy(CMSG_DATA(rights), descriptors.data(), dataBytes);
  }
  return Done(info.Env(), -SendAll(fd, &message, sizeof(header) + size));
}

/// `receiveFrame(fd)` -> `{ bytes, descriptors }`, or undefined when the other end is closed. It waits.
Napi::Value ReceiveFrame(const Napi::CallbackInfo& info) {
  int32_t fd = -1;
  if (!ReadInt32(info, 0, &fd)) return info.Env().Undefined();
  uint32_t header[2] = {0, 0};
  std::vector<int> descriptors;
  int error = ReadHeader(fd, header, &descriptors);
  if (error == 0 && (header[0] > kMaxFrameBytes || header[1] != descriptors.size())) error = EPROTO;
  Napi::Uint8Array bytes;
  if (error == 0) {
    bytes = Napi::Uint8Array::New(info.Env(), header[0]);
    error = ReadAll(fd, bytes.Data(), header[0]);
  }
  if (error != 0) CloseAll(descriptors);
  if (error == EPIPE || error == ECONNRESET) return info.Env().Undefined();
  if (error != 0) return Done(info.Env(), -error);
  Napi::Array list = Napi::Array::New(info.Env(), descriptors.size());
  for (size_t index = 0; index < descriptors.size(); index++) list.Set(static_cast<uint32_t>(index), descriptors[index]);
  Napi::Object frame = Napi::Object::New(info.Env());
  frame.Set("bytes", bytes);
  frame.Set("descriptors", list);
  return frame;
}

/// `waitReadable(fd, timeoutMs, other)`: whether it or the other one, where that is not -1, became readable or was closed at the other end.
/// -1 waits for ever.
Napi::Value WaitReadable(const Napi::CallbackInfo& info) {
  int32_t fd = -1;
  int32_t timeoutMs = 0;
  int32_t other = -1;
  if (!ReadInt32(info, 0, &fd) || !ReadInt32(info, 1, &timeoutMs) || !ReadInt32(info, 2, &other)) {
    return info.Env().Undefined();
  }
  // poll(2) passes over negative descriptors.
  pollfd waiting[2] = {{fd, POLLIN, 0}, {other, POLLIN, 0}};
  return Napi::Boolean::New(info.Env(), poll(waiting, 2, timeoutMs) > 0);
}

}  // namespace

void DefineGuestChannel(Napi::Env env, Napi::Object exports) {
  exports.Set("socketPair", Napi::Function::New<SocketPair>(env));
  exports.Set("sendFrame", Napi::Function::New<SendFrame>(env));
  exports.Set("waitReadable", Napi::Function::New<WaitReadable>(env));
  exports.Set("receiveFrame", Napi::Function::New<ReceiveFrame>(env));
}
