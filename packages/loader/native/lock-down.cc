#include "lock-down.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace {

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "ebpm runs on x86-64 and arm64"
#endif

/// Allows everything but starting another program. no_new_privs belongs to a thread, and only a seccomp filter that is given to all
/// threads at once takes it along to those that Node and V8 have started.
/// https://github.com/torvalds/linux/blob/v6.12/kernel/seccomp.c#L593 (seccomp_sync_threads)
int RefuseExecInEveryThread() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
  };
  sock_fprog filter{};
  filter.len = sizeof(program) / sizeof(program[0]);
  filter.filter = program;
  // Without SPEC_ALLOW older kernels turn a mitigation on with the filter that slows all code down.
  const long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                              SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_SPEC_ALLOW, &filter);
  // Positive: the thread that could not take it, since it has a filter of its own.
  return result < 0 ? errno : result > 0 ? EBUSY : 0;
}

}  // namespace

int LockDown() {
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) return errno;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return errno;
  return RefuseExecInEveryThread();
}
