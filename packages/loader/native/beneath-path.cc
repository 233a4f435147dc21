#include "beneath-path.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace {

// Whoever renames directories all the time can keep the kernel from answering; so often it is asked.
constexpr int kAttempts = 128;

/// The kernel would take what stands before it for the path.
bool HasNul(const std::string& path) { return path.find('\0') != std::string::npos; }

}  // namespace

int OpenBeneath(int directory, const std::string& path, uint64_t flags, uint64_t mode) {
  if (HasNul(path)) return -EINVAL;
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  int error = 0;
  for (int attempt = 0; attempt < kAttempts; attempt++) {
    const int fd = static_cast<int>(syscall(SYS_openat2, directory, path.c_str(), &how, sizeof(how)));
    if (fd >= 0) return fd;
    error = errno;
    // The kernel saw a rename or mount pass by and cannot tell where ".." leads.
    if (error != EAGAIN && error != EINTR) break;
  }
  return error == EXDEV ? -EPERM : -error;
}

BeneathName::BeneathName(int directory, const std::string& path) {
  const size_t end = path.find_last_not_of('/');
  if (end == std::string::npos || HasNul(path)) {
    directory_ = path.empty() ? -ENOENT : HasNul(path) ? -EINVAL : -EPERM;
    return;
  }
  wantsDirectory_ = end + 1 < path.size();
  const size_t slash = path.find_last_of('/', end);
  const size_t start = slash == std::string::npos ? 0 : slash + 1;
  name_ = path.substr(start, end + 1 - start);
  directory_ = OpenBeneath(directory, start == 0 ? "." : path.substr(0, start), O_PATH | O_DIRECTORY);
}

BeneathName::~BeneathName() {
  if (directory_ >= 0) close(directory_);
}

int BeneathName::IsDirectory() const {
  struct stat status;
  if (fstatat(directory_, name(), &status, AT_SYMLINK_NOFOLLOW) < 0) return -errno;
  return S_ISDIR(status.st_mode) ? 1 : 0;
}
