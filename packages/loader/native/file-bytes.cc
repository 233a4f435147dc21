#include "file-bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace {

/// A kernel's BTF has 4 to 10 MiB.
constexpr off_t kMaxBytes = 64 << 20;

/// 0 or a positive errno: EIO for a file that has become shorter.
int Fill(int fd, uint8_t* bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    const ssize_t count = read(fd, bytes + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return EIO;
    done += static_cast<size_t>(count);
  }
  return 0;
}

}  // namespace

FileBytes::~FileBytes() {
  if (data_ != nullptr) munmap(data_, size_);
}

void* FileBytes::Release() {
  void* data = data_;
  data_ = nullptr;
  return data;
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
  if (size_ == 0) return EIO;
  void* pages = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
  const bool is_mapped = pages != MAP_FAILED;
  // All pages at once: touching one after the other costs more than all the rest.
  if (!is_mapped) pages = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (pages == MAP_FAILED) return errno;
  data_ = pages;
  return is_mapped ? 0 : Fill(fd, static_cast<uint8_t*>(pages), size_);
}
