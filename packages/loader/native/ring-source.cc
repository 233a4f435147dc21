// The memory of a ring buffer, as the kernel lays it out (kernel/bpf/ringbuf.c, struct bpf_ringbuf):
//
//   | consumer page | producer page | data (a power of two) | the same data again |
//       ours, rw        kernel's, read-only
//
// Positions grow for ever; a position modulo the size is a place in the data. Each record starts with a header word
// whose top bits are set while the program still writes it (busy) or when it gave it up (discarded).

#include "ring-source.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace {

constexpr uint32_t kLengthMask = ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
// Records are copied in spans of about this size, while the scan still has them in the cache.
constexpr size_t kSpanBytes = 16 * 1024;

}  // namespace

std::unique_ptr<RingSource> RingSource::Open(int mapFd, int* error) {
  std::unique_ptr<RingSource> source(new RingSource());
  bpf_map_info info{};
  uint32_t infoBytes = sizeof(info);
  source->fd_ = fcntl(mapFd, F_DUPFD_CLOEXEC, 0);
  if (source->fd_ < 0 || bpf_obj_get_info_by_fd(source->fd_, &info, &infoBytes) < 0) {
    *error = errno;
    return nullptr;
  }
  if (info.type != BPF_MAP_TYPE_RINGBUF) {
    *error = EINVAL;
    return nullptr;
  }
  source->size_ = info.max_entries;
  source->pageBytes_ = static_cast<size_t>(sysconf(_SC_PAGESIZE));

  void* consumer = mmap(nullptr, source->pageBytes_, PROT_READ | PROT_WRITE, MAP_SHARED, source->fd_, 0);
  if (consumer == MAP_FAILED) {
    *error = errno;
    return nullptr;
  }
  source->consumer_ = static_cast<uint64_t*>(consumer);

  void* producer = mmap(nullptr, source->pageBytes_ + 2 * source->size_, PROT_READ, MAP_SHARED, source->fd_,
                        static_cast<off_t>(source->pageBytes_));
  if (producer == MAP_FAILED) {
    *error = errno;
    return nullptr;
  }
  source->producer_ = static_cast<uint64_t*>(producer);
  source->data_ = static_cast<const uint8_t*>(producer) + source->pageBytes_;
  return source;
}

RingSource::~RingSource() {
  if (producer_ != nullptr) munmap(producer_, pageBytes_ + 2 * size_);
  if (consumer_ != nullptr) munmap(consumer_, pageBytes_);
  if (fd_ >= 0) close(fd_);
}

ReadResult RingSource::Read(uint8_t* out, size_t size) {
  ReadResult result;
  // Only we move the consumer position. Acquire on the producer's pairs with the kernel's release after the header.
  uint64_t position = __atomic_load_n(consumer_, __ATOMIC_RELAXED);
  const uint64_t end = __atomic_load_n(producer_, __ATOMIC_ACQUIRE);
  SawWaiting(end - position);
  uint64_t spanStart = position;
  uint32_t lastLength = UINT32_MAX;
  size_t recordBytes = 0;

  // Copies the records since spanStart, and only then gives their room back.
  const auto flush = [&] {
    const size_t bytes = position - spanStart;
    memcpy(out + result.bytes, data_ + (spanStart & (size_ - 1)), bytes);
    result.bytes += bytes;
    spanStart = position;
    __atomic_store_n(consumer_, position, __ATOMIC_RELEASE);
  };

  while (position < end) {
    const uint8_t* header = data_ + (position & (size_ - 1));
    // Acquire pairs with the kernel's exchange on commit: the data is there once the busy bit is gone.
    const uint32_t word = __atomic_load_n(reinterpret_cast<const uint32_t*>(header), __ATOMIC_ACQUIRE);
    if ((word & BPF_RINGBUF_BUSY_BIT) != 0) break;
    if (word != lastLength) {
      lastLength = word;
      recordBytes = ((word & kLengthMask) + size_t{BPF_RINGBUF_HDR_SZ} + 7) & ~size_t{7};
      if (recordBytes > end - position) {
        result.broken = "a record reaches beyond what the kernel has written";
        break;
      }
    }
    if ((word & BPF_RINGBUF_DISCARD_BIT) != 0) {
      flush();
      position += recordBytes;
      spanStart = position;
      continue;
    }
    if (result.bytes + (position - spanStart) + recordBytes > size) {
      result.more = true;
      if (result.records == 0) result.needed = recordBytes;
      break;
    }
    position += recordBytes;
    result.records++;
    if (position - spanStart >= kSpanBytes) flush();
  }
  flush();
  return result;
}
