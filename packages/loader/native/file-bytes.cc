#include "file-bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace {

/// A kernel's BTF has 4 to 10 MiB.
constexpr off_t kMaxBytes = 64 << 20;

}  // namespace

FileBytes::~FileBytes() {
  if (is_mapped_) munmap(const_cast<uint8_t*>(data_), size_);
}

int FileBytes::Read(const char* path) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  const int error = ReadOpen(fd);
  close(fd);
  return error;
}

int FileBytes::ReadOpen(int fd) {
  struct stat status;
  if (fstat(fd, &status) != 0) return errno;
  if (status.st_size > kMaxBytes) return EFBIG;
  size_ = static_cast<size_t>(status.st_size);
  void* mapped = size_ == 0 ? MAP_FAILED : mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
  if (mapped != MAP_FAILED) {
    is_mapped_ = true;
    data_ = static_cast<const uint8_t*>(mapped);
    return 0;
  }
  copy_.resize(size_);
  for (size_t done = 0; done < size_;) {
    const ssize_t count = read(fd, copy_.data() + done, size_ - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return EIO;
    done += static_cast<size_t>(count);
  }
  data_ = copy_.data();
  return 0;
}
