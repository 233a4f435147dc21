// Closing the last descriptor of a tracepoint's link takes the kernel 20 to 70 ms, since it waits until no CPU runs the
// program any more, and a process is not gone before all of its descriptors are closed. So a child with copies of them makes
// every close of ours a cheap one, and closes its own when it is told to, or when we are gone:
//
//   we     clone ---- close, close, close ---- let go ---- exit
//   child       \---- waits for the end of a pipe ----\--- its exit closes them all, as long as that takes
//
// The child shares our memory, since copying it would take longer than all the rest, and has descriptors, a stack and
// signals of its own. So it makes plain system calls and nothing else: libc's wrappers would use thread data that is ours.
// Its parent has ended by then, so that init waits for it.

#include "descriptor-holder.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace {

constexpr size_t kStackBytes = 64 * 1024;

/// What the child is given, at the low end of its stack: the ends of the pipe that it waits for.
struct Ends {
  int read;
  int write;
};

/// getdents64(2): what the kernel writes for each name.
struct DirectoryEntry {
  uint64_t inode;
  int64_t offset;
  uint16_t bytes;
  uint8_t type;
  char name[];
};

void Close(int fd) { syscall(SYS_close, fd); }

/// Whether it is of eBPF, perf or the like: what has no place in a file system has no file type either. Files, pipes, sockets
/// and terminals must not live longer than we do: somebody may wait for their end.
bool IsAnonymous(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == 0;
}

int NumberOf(const char* name) {
  int number = 0;
  for (; *name >= '0' && *name <= '9'; name++) number = number * 10 + (*name - '0');
  return *name == '\0' ? number : -1;
}

void CloseAllOthers(int pipe) {
  for (int fd = 0; fd <= 2; fd++) Close(fd);
  const long folder = syscall(SYS_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY);
  if (folder < 0) return;
  alignas(DirectoryEntry) char entries[4096];
  long bytes = 0;
  while ((bytes = syscall(SYS_getdents64, folder, entries, sizeof(entries))) > 0) {
    for (long at = 0; at < bytes;) {
      const auto* entry = reinterpret_cast<const DirectoryEntry*>(entries + at);
      const int fd = NumberOf(entry->name);
      if (fd > 2 && fd != pipe && fd != folder && !IsAnonymous(fd)) Close(fd);
      at += entry->bytes;
    }
  }
  Close(static_cast<int>(folder));
}

int Hold(void* data) {
  const Ends ends = *static_cast<Ends*>(data);
  syscall(SYS_prctl, PR_SET_NAME, "ebpm-detach");
  Close(ends.write);
  syscall(SYS_chdir, "/");
  CloseAllOthers(ends.read);
  char nothing;
  syscall(SYS_read, ends.read, &nothing, 1);
  syscall(SYS_exit_group, 0);
  return 0;
}

/// Starts the child by way of another, which ends at once: on its own, since what a vforked child used must not be used again.
__attribute__((noinline)) pid_t StartByProxy(Ends* stack) {
  const pid_t proxy = vfork();
  if (proxy != 0) return proxy;
  const int child = clone(Hold, reinterpret_cast<char*>(stack) + kStackBytes, CLONE_VM | SIGCHLD, stack);
  _exit(child < 0 ? 1 : 0);
}

bool StartHolder(Ends ends) {
  void* stack = mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) return false;
  *static_cast<Ends*>(stack) = ends;
  const pid_t proxy = StartByProxy(static_cast<Ends*>(stack));
  int status = 0;
  while (proxy > 0 && waitpid(proxy, &status, 0) < 0 && errno == EINTR) {
  }
  if (proxy > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  // Only now: a child that runs needs its stack for as long as it does.
  munmap(stack, kStackBytes);
  return false;
}

/// `holdDescriptors()` -> `letGo()`, or undefined when no process could be started.
Napi::Value HoldDescriptors(const Napi::CallbackInfo& info) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) < 0) return info.Env().Undefined();
  // The child must not answer a signal with our handlers: it keeps them all blocked.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const bool started = StartHolder({ends[0], ends[1]});
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  Close(ends[0]);
  if (!started) {
    Close(ends[1]);
    return info.Env().Undefined();
  }
  return Napi::Function::New(info.Env(), [writeEnd = ends[1]](const Napi::CallbackInfo&) mutable {
    if (writeEnd >= 0) Close(std::exchange(writeEnd, -1));
  });
}

}  // namespace

void DefineDescriptorHolder(Napi::Env env, Napi::Object exports) {
  exports.Set("holdDescriptors", Napi::Function::New(env, HoldDescriptors, "holdDescriptors"));
}
