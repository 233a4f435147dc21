#include "guest-rights.h"

#include <signal.h>
#include <sys/prctl.h>

#include <cerrno>

#include "../failure.h"
#include "../lock-down.h"

namespace {

/// What this thread, which starts the children, must not hand on: capabilities that pass through execve, and the right to gain some by a
/// program's file.
Napi::Value ShedForChild(const Napi::CallbackInfo& info) {
  int error = 0;
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 && errno != EINVAL) error = errno;
  if (error == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) error = errno;
  return Done(info.Env(), -error);
}

Napi::Value LockGuestDown(const Napi::CallbackInfo& info) { return Done(info.Env(), -LockDown()); }

/// To be called last: a change of identity undoes it.
Napi::Value DieWithParent(const Napi::CallbackInfo& info) {
  return Done(info.Env(), prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 ? -errno : 0);
}

}  // namespace

void DefineGuestRights(Napi::Env env, Napi::Object exports) {
  exports.Set("shedForChild", Napi::Function::New<ShedForChild>(env));
  exports.Set("lockGuestDown", Napi::Function::New<LockGuestDown>(env));
  exports.Set("dieWithParent", Napi::Function::New<DieWithParent>(env));
}
