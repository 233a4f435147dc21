#include "process-file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace {

std::string ProcPath(pid_t pid, const char* name) { return "/proc/" + std::to_string(pid) + "/" + name; }

/// A path as the process itself would follow it, so that a link in a container leads nowhere outside. Nobody waits for a writer
/// of a FIFO.
int OpenInRoot(pid_t pid, const std::string& path, uint64_t resolve) {
  const int root = open(ProcPath(pid, "root").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return -errno;
  open_how how{};
  how.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | resolve;
  const int fd = static_cast<int>(syscall(SYS_openat2, root, path.c_str(), &how, sizeof(how)));
  const int error = errno;
  close(root);
  if (fd < 0) return -error;
  struct stat status;
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) return fd;
  close(fd);
  return -EACCES;
}

/// Whether the process runs code from that file. proc(5): `START-END PERMISSIONS OFFSET DEVICE INODE PATH`.
bool HasMapped(pid_t pid, const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> maps(fopen(ProcPath(pid, "maps").c_str(), "re"), fclose);
  if (maps == nullptr) return false;
  char* line = nullptr;
  size_t room = 0;
  bool found = false;
  for (ssize_t length = 0; !found && (length = getline(&line, &room, maps.get())) > 0;) {
    if (line[length - 1] == '\n') line[length - 1] = '\0';
    char permissions[5] = "";
    int at = 0;
    if (sscanf(line, "%*x-%*x %4s %*x %*s %*u %n", permissions, &at) < 1 || at == 0) continue;
    found = permissions[2] == 'x' && path == line + at;
  }
  free(line);
  return found;
}

/// Everybody may write into /tmp: a map that somebody else has put there is not read.
int OwnedByProcess(pid_t pid, int fd) {
  if (fd < 0) return fd;
  struct stat file;
  struct stat process;
  if (fstat(fd, &file) == 0 && stat(ProcPath(pid, "").c_str(), &process) == 0 && file.st_uid == process.st_uid) return fd;
  close(fd);
  return -EACCES;
}

}  // namespace

int OpenProcessFile(pid_t pid, ProcessFile kind, const std::string& path) {
  switch (kind) {
    case ProcessFile::kMaps: {
      const int fd = open(ProcPath(pid, "maps").c_str(), O_RDONLY | O_CLOEXEC);
      return fd < 0 ? -errno : fd;
    }
    case ProcessFile::kMapped:
      return HasMapped(pid, path) ? OpenInRoot(pid, path, 0) : -EACCES;
    case ProcessFile::kPerfMap:
      // The number that the process has for itself, which in a container is another.
      if (path.empty() || path.find_first_not_of("0123456789") != std::string::npos) return -EINVAL;
      return OwnedByProcess(pid, OpenInRoot(pid, "/tmp/perf-" + path + ".map", RESOLVE_NO_SYMLINKS));
  }
  return -EINVAL;
}
