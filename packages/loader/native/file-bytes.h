#pragma once

#include <cstddef>
#include <cstdint>

/// The bytes of a file, mapped where the kernel can do that (its own BTF since Linux 6.16), else read into pages of our own.
class FileBytes {
 public:
  FileBytes() = default;
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes();

  /// Once. 0 or a positive errno: EFBIG above 64 MiB.
  int Read(const char* path);
  const uint8_t* data() const { return static_cast<const uint8_t*>(data_); }
  size_t size() const { return size_; }

  /// Gives the bytes away: whoever has them has to munmap() `size()` of them. Nobody may write to them.
  void* Release();

 private:
  int ReadOpen(int fd);

  void* data_ = nullptr;
  size_t size_ = 0;
};
