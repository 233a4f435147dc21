// The helper is a fork of this process that never runs JavaScript again: it waits on a socket for requests of one fixed form,
// and answers each with a descriptor. When the socket ends, it takes back what it was entrusted with, and ends too.

#include "privileged-helper.h"

#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "arguments.h"
#include "failure.h"
#include "helper-protocol.h"
#include "lock-down.h"
#include "take-back.h"

namespace {

/// Becomes that user with these capabilities and no others. This process has one thread.
bool KeepOnly(uid_t uid, gid_t gid, uint64_t capabilities) {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++) {
    if ((capabilities >> capability & 1) == 0 && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0) return false;
  }
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0 || setgroups(0, nullptr) < 0 || setresgid(gid, gid, gid) < 0 ||
      setresuid(uid, uid, uid) < 0) {
    return false;
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  for (int half = 0; half < 2; half++) {
    data[half].effective = data[half].permitted = static_cast<uint32_t>(capabilities >> (32 * half));
  }
  return syscall(SYS_capset, &header, data) == 0 && LockDown() == 0;
}

void CloseAllBut(int kept) {
  for (int fd = 0; fd < kept; fd++) close(fd);
  if (syscall(SYS_close_range, kept + 1, ~0U, 0) == 0) return;
  for (long fd = kept + 1; fd < sysconf(_SC_OPEN_MAX); fd++) close(static_cast<int>(fd));
}

struct Helper {
  uid_t uid;
  gid_t gid;
  uint64_t capabilities;
  std::vector<Entrusted> entrusted;
};

[[noreturn]] void RunHelper(int socket, const Helper& helper) {
  prctl(PR_SET_NAME, "ebpm-helper");
  CloseAllBut(socket);
  if (chdir("/") == 0 && KeepOnly(helper.uid, helper.gid, helper.capabilities)) {
    SendReply(socket, -EAGAIN);
    ServeRequests(socket);
    TakeBack(helper.entrusted);
  }
  _exit(0);
}

bool ReadCapabilities(const Napi::CallbackInfo& info, size_t index, uint64_t* mask) {
  if (!info[index].IsArray()) {
    Napi::TypeError::New(info.Env(), "capabilities must be an array").ThrowAsJavaScriptException();
    return false;
  }
  const Napi::Array numbers = info[index].As<Napi::Array>();
  for (uint32_t at = 0; at < numbers.Length(); at++) {
    *mask |= uint64_t{1} << (numbers.Get(at).ToNumber().Uint32Value() & 63);
  }
  return true;
}

}  // namespace

Napi::Function PrivilegedHelper::Define(Napi::Env env) {
  return DefineClass(env, "PrivilegedHelper",
                     {InstanceMethod("openProcessFile", &PrivilegedHelper::OpenProcessFile),
                      InstanceMethod("close", &PrivilegedHelper::Close)});
}

PrivilegedHelper::PrivilegedHelper(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PrivilegedHelper>(info) {
  Helper helper{};
  int ends[2];
  if (!ReadUint32(info, 0, &helper.uid) || !ReadUint32(info, 1, &helper.gid) ||
      !ReadCapabilities(info, 2, &helper.capabilities) || !ReadEntrusted(info, 3, &helper.entrusted)) {
    return;
  }
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
    ThrowFailure(info.Env(), errno);
    return;
  }
  // The helper must not answer a signal with our handlers, and a Ctrl-C is not for it: it keeps them all blocked.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  // libc's own, which leaves malloc usable in the child.
  child_ = fork();
  if (child_ == 0) RunHelper(ends[1], helper);
  const int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  close(ends[1]);
  socket_ = ends[0];
  // Its first word says that it has given up all the rest.
  const int greeting = child_ < 0 ? -error : ReceiveReply(socket_);
  if (greeting == -EAGAIN) return;
  End();
  ThrowFailure(info.Env(), -greeting);
}

Napi::Value PrivilegedHelper::OpenProcessFile(const Napi::CallbackInfo& info) {
  uint32_t pid = 0;
  uint32_t kind = 0;
  std::string path;
  if (!ReadUint32(info, 0, &pid) || !ReadUint32(info, 1, &kind) || !ReadString(info, 2, &path)) {
    return info.Env().Undefined();
  }
  const int result = AskForFile(socket_, pid, kind, path);
  if (result < 0) {
    ThrowFailure(info.Env(), -result);
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), result);
}

Napi::Value PrivilegedHelper::Close(const Napi::CallbackInfo& info) {
  End();
  return info.Env().Undefined();
}

/// Safe to call twice. The helper ends as soon as its socket does.
void PrivilegedHelper::End() {
  if (socket_ >= 0) close(socket_);
  if (child_ > 0) waitpid(child_, nullptr, 0);
  socket_ = -1;
  child_ = -1;
}
