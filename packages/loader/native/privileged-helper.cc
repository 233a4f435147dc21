// The helper is a fork of this process that never runs JavaScript again: it waits on a socket for requests of one fixed form,
// and answers each with a descriptor. When the socket ends, it takes back what it was entrusted with, and ends too.
//
//   request  | u32 pid | u32 kind | path, not ended |        reply  | i32 errno or 0 |  and with 0 a descriptor (SCM_RIGHTS)
//
// A descriptor and not the bytes: so a request is answered at once, however large the file is.

#include "privileged-helper.h"

#include <bpf/libbpf.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <string>
#include <vector>

#include "arguments.h"
#include "attach/tc-dump.h"
#include "failure.h"
#include "lock-down.h"
#include "log-capture.h"
#include "process-file.h"

namespace {

/// What the helper takes back at its end.
struct Entrusted {
  std::string record;
  bool isFolder = false;
  bool hasFilter = false;
  uint32_t ifindex = 0;
  bool egress = false;
  uint32_t programId = 0;
  bool madeQdisc = false;
};

struct Request {
  uint32_t pid;
  uint32_t kind;
  char path[PATH_MAX];
};

constexpr size_t kRequestHead = offsetof(Request, path);

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

void Reply(int socket, int result) {
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

/// Until the other end is closed, by us or because we have ended.
void Serve(int socket) {
  Request request;
  for (;;) {
    const ssize_t length = recv(socket, &request, sizeof(request), 0);
    if (length < static_cast<ssize_t>(kRequestHead)) return;
    const std::string path(request.path, static_cast<size_t>(length) - kRequestHead);
    Reply(socket, OpenProcessFile(static_cast<pid_t>(request.pid), static_cast<ProcessFile>(request.kind), path));
  }
}

/// A filter is told by the number of its program.
void RemoveFilter(const Entrusted& task) {
  const int ifindex = static_cast<int>(task.ifindex);
  bpf_tc_hook hook{};
  hook.sz = sizeof(hook);
  hook.ifindex = ifindex;
  hook.attach_point = task.egress ? BPF_TC_EGRESS : BPF_TC_INGRESS;
  std::vector<TcFilter> filters;
  ListTcFilters(ifindex, task.egress, &filters);
  for (const TcFilter& filter : filters) {
    if (filter.programId != task.programId) continue;
    bpf_tc_opts options{};
    options.sz = sizeof(options);
    options.handle = filter.handle;
    options.priority = filter.priority;
    bpf_tc_detach(&hook, &options);
  }
}

/// The qdisc that was made for a filter goes too, when nothing else hangs on it.
void RemoveQdisc(const Entrusted& task) {
  const int ifindex = static_cast<int>(task.ifindex);
  std::vector<TcFilter> filters;
  if (!task.madeQdisc || HasClsact(ifindex) != 1) return;
  if (ListTcFilters(ifindex, false, &filters) < 0 || ListTcFilters(ifindex, true, &filters) < 0) return;
  if (!filters.empty()) return;
  bpf_tc_hook hook{};
  hook.sz = sizeof(hook);
  hook.ifindex = ifindex;
  hook.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
  bpf_tc_hook_destroy(&hook);
}

/// A tracefs instance cannot go while its pipe is open: of a process that was killed, it may be for a moment longer.
void RemoveFolder(const char* path) {
  for (int tries = 0; rmdir(path) < 0 && errno == EBUSY && tries < 100; tries++) usleep(10 * 1000);
}

void TakeBack(const std::vector<Entrusted>& entrusted) {
  const LogCapture silence;
  for (const Entrusted& task : entrusted) {
    if (task.hasFilter) RemoveFilter(task);
  }
  // Only now: one qdisc carries the filters of both directions.
  for (const Entrusted& task : entrusted) {
    if (task.hasFilter) RemoveQdisc(task);
    if (task.isFolder) {
      RemoveFolder(task.record.c_str());
    } else {
      unlink(task.record.c_str());
    }
  }
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
    Reply(socket, -EAGAIN);
    Serve(socket);
    TakeBack(helper.entrusted);
  }
  _exit(0);
}

/// A descriptor or a negative errno; -EPIPE when the helper has gone.
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

bool ReadEntrusted(const Napi::CallbackInfo& info, size_t index, std::vector<Entrusted>* entrusted) {
  if (!info[index].IsArray()) {
    Napi::TypeError::New(info.Env(), "what is entrusted must be an array").ThrowAsJavaScriptException();
    return false;
  }
  const Napi::Array tasks = info[index].As<Napi::Array>();
  for (uint32_t at = 0; at < tasks.Length(); at++) {
    const Napi::Object row = tasks.Get(at).As<Napi::Object>();
    Entrusted task;
    task.record = row.Get("record").ToString().Utf8Value();
    task.isFolder = row.Get("isFolder").ToBoolean();
    task.hasFilter = row.Get("tc").IsObject();
    if (task.hasFilter) {
      const Napi::Object tc = row.Get("tc").As<Napi::Object>();
      task.ifindex = tc.Get("ifindex").ToNumber().Uint32Value();
      task.egress = tc.Get("egress").ToBoolean();
      task.programId = tc.Get("programId").ToNumber().Uint32Value();
      task.madeQdisc = tc.Get("madeQdisc").ToBoolean();
    }
    entrusted->push_back(task);
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
  Request request{};
  std::string path;
  if (!ReadUint32(info, 0, &request.pid) || !ReadUint32(info, 1, &request.kind) || !ReadString(info, 2, &path)) {
    return info.Env().Undefined();
  }
  int result = path.size() > sizeof(request.path) ? -ENAMETOOLONG : -EPIPE;
  if (path.size() <= sizeof(request.path)) {
    memcpy(request.path, path.data(), path.size());
    const size_t length = kRequestHead + path.size();
    if (send(socket_, &request, length, MSG_NOSIGNAL) == static_cast<ssize_t>(length)) result = ReceiveReply(socket_);
  }
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
