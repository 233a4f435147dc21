#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// The bytes of a file, mapped where the kernel can do that (its own BTF since Linux 6.16), else read.
class FileBytes {
 public:
  FileBytes() = default;
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes();

  /// Once. 0 or a positive errno: EFBIG above 64 MiB.
  int Read(const char* path);
  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  int ReadOpen(int fd);

  const uint8_t* data_ = nullptr;
  size_t size_ = 0;
  bool is_mapped_ = false;
  std::vector<uint8_t> copy_;
};
