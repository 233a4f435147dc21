#include "privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "arguments.h"
#include "failure.h"
#include "lock-down.h"

namespace {

using Ids = std::pair<uid_t, gid_t>;

/// In this thread alone, as plain system calls are.
int BecomeHere(Ids ids) {
  if (syscall(SYS_setgroups, 0, nullptr) < 0 || syscall(SYS_setresgid, ids.second, ids.second, ids.second) < 0 ||
      syscall(SYS_setresuid, ids.first, ids.first, ids.first) < 0) {
    return errno;
  }
  return 0;
}

/// libc makes these calls in every thread (nptl(7)), by signals; with the last of root's ids the kernel takes all capabilities.
int BecomeEverywhere(Ids ids) {
  if (setgroups(0, nullptr) < 0 || setresgid(ids.second, ids.second, ids.second) < 0 ||
      setresuid(ids.first, ids.first, ids.first) < 0) {
    return errno;
  }
  return 0;
}

/// Every capability that this thread may have is in effect again.
int RaiseCapabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2]{};
  if (syscall(SYS_capget, &header, data) < 0) return errno;
  for (auto& half : data) half.effective = half.permitted;
  return syscall(SYS_capset, &header, data) < 0 ? errno : 0;
}

/// This thread keeps its capabilities through the change, and with them goes back to be root.
int DropOthers(Ids ids) {
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0) return errno;
  int error = BecomeEverywhere(ids);
  prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
  if (error == 0) error = RaiseCapabilities();
  return error == 0 ? BecomeHere({0, 0}) : error;
}

int DropHere(Ids ids) {
  const int error = BecomeHere(ids);
  return error == 0 ? LockDown() : error;
}

template <int (*drop)(Ids)>
Napi::Value Drop(const Napi::CallbackInfo& info) {
  uint32_t uid = 0;
  uint32_t gid = 0;
  if (!ReadUint32(info, 0, &uid) || !ReadUint32(info, 1, &gid)) return info.Env().Undefined();
  const int error = drop({uid, gid});
  if (error != 0) ThrowFailure(info.Env(), error);
  return info.Env().Undefined();
}

}  // namespace

void DefinePrivileges(Napi::Env env, Napi::Object exports) {
  exports.Set("dropOtherThreads", Napi::Function::New<Drop<DropOthers>>(env));
  exports.Set("dropThisThread", Napi::Function::New<Drop<DropHere>>(env));
}
