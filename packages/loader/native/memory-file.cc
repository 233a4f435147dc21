#include "memory-file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

int MemoryFile::Fill(const uint8_t* bytes, size_t size) {
  fd_ = memfd_create("ebpm", MFD_CLOEXEC);
  if (fd_ < 0) return errno;
  for (size_t written = 0; written < size;) {
    const ssize_t count = write(fd_, bytes + written, size - written);
    if (count < 0 && errno != EINTR) return errno;
    if (count > 0) written += static_cast<size_t>(count);
  }
  return 0;
}

void MemoryFile::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}
