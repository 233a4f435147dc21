#pragma once

#include <memory>

#include "event-source.h"

/// Reads a BPF_MAP_TYPE_RINGBUF through its shared memory.
class RingSource : public EventSource {
 public:
  /// `mapFd` is only borrowed: the source keeps its own duplicate. Null, with a positive errno, when it cannot be mapped.
  static std::unique_ptr<RingSource> Open(int mapFd, int* error);
  ~RingSource() override;

  int PollFd() const override { return fd_; }
  size_t CapacityBytes() const override { return size_; }
  size_t TotalBytes() const override { return size_; }
  ReadResult Read(uint8_t* out, size_t size) override;
  /// The kernel does not count what a full ring buffer refuses; the program sees it and may.
  uint64_t Lost() const override { return 0; }
  bool CountsEveryLoss() const override { return false; }

 private:
  RingSource() = default;

  int fd_ = -1;
  size_t size_ = 0;
  size_t pageBytes_ = 0;
  // Both mappings are owned, and unmapped by the destructor. The kernel writes to the second while we read it.
  uint64_t* consumer_ = nullptr;
  uint64_t* producer_ = nullptr;
  // Inside the second mapping: the data, mapped twice in a row so that every record is contiguous.
  const uint8_t* data_ = nullptr;
};
