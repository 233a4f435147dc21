#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// A file without a name, for interfaces that want a path.
class MemoryFile {
 public:
  MemoryFile() = default;
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { Close(); }

  /// Makes the file and writes the bytes, once. 0 or a positive errno.
  int Fill(const uint8_t* bytes, size_t size);
  /// Works in this process, while the file is open and /proc is mounted.
  std::string Path() const { return "/proc/self/fd/" + std::to_string(fd_); }
  void Close();

 private:
  int fd_ = -1;
};
