#pragma once

#include <bpf/libbpf.h>

#include <memory>
#include <vector>

#include "event-source.h"

/// Reads a BPF_MAP_TYPE_PERF_EVENT_ARRAY: one ring of the perf subsystem for each CPU.
class PerfSource : public EventSource {
 public:
  /// Opens a ring of `pages` (a power of two) on each of the CPUs. `mapFd` is only borrowed.
  /// Null, with a positive errno, when that fails.
  static std::unique_ptr<PerfSource> Open(int mapFd, uint32_t pages, std::vector<int> cpus, int* error);
  /// Reads rings that another process has opened and holds. The descriptors are the source's from now on, also where it fails.
  static std::unique_ptr<PerfSource> Adopt(std::vector<int> fds, std::vector<int> cpus, uint32_t pages, int* error);
  ~PerfSource() override;

  int PollFd() const override { return buffer_ == nullptr ? epoll_ : perf_buffer__epoll_fd(buffer_); }
  /// One for each CPU, valid for the life of the source.
  const std::vector<int>& Descriptors() const { return fds_; }
  size_t CapacityBytes() const override { return ringBytes_; }
  size_t TotalBytes() const override { return ringBytes_ * cpus_.size(); }
  ReadResult Read(uint8_t* out, size_t size) override;
  uint64_t Lost() const override;
  bool CountsEveryLoss() const override { return countsEveryLoss_; }

 private:
  PerfSource() = default;
  /// Reads one CPU's ring; true when it has been read to its end.
  bool ReadRing(size_t index, uint8_t* out, size_t size, ReadResult* result);

  // Our own duplicate: libbpf deletes the map's entries through it when the buffer is freed.
  int fd_ = -1;
  // Owned. libbpf opens, maps and enables the rings; we read them, since its own reader calls back for every record.
  perf_buffer* buffer_ = nullptr;
  // Of the adopted rings, owned.
  int epoll_ = -1;
  // For each CPU its ring's descriptor and its memory, a page of control and the data: buffer_'s, or owned where they were adopted.
  std::vector<int> fds_;
  std::vector<void*> rings_;
  std::vector<int> cpus_;
  size_t ringBytes_ = 0;
  size_t pageBytes_ = 0;
  // The ring to read first next time, so that a busy CPU does not starve the others.
  size_t next_ = 0;
  // As the records in the rings tell: each with the next event for which there is room.
  uint64_t lost_ = 0;
  // Whether the kernel can be asked for its counts.
  bool countsEveryLoss_ = true;
};
