// The memory of a perf ring (include/uapi/linux/perf_event.h, struct perf_event_mmap_page): one page with data_head,
// which the kernel moves, and data_tail, which we move; then the data, a power of two, mapped once, so that a record
// may continue at the start. Records are aligned to 8 bytes, hence a record's header of 8 bytes never wraps.
//
//   sample: | type, misc, size | u32 length | data ... |       lost: | type, misc, size | u64 id | u64 count |

#include "perf-source.h"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace {

constexpr size_t kFrameHeader = 8;

/// A ring's data, with copies that follow it around its end.
struct RingData {
  const uint8_t* base;
  size_t size;

  void Copy(void* to, uint64_t position, size_t bytes) const {
    const size_t start = position & (size - 1);
    const size_t before = std::min(bytes, size - start);
    memcpy(to, base + start, before);
    memcpy(static_cast<uint8_t*>(to) + before, base, bytes - before);
  }
};

}  // namespace

std::unique_ptr<PerfSource> PerfSource::Open(int mapFd, uint32_t pages, std::vector<int> cpus, int* error) {
  std::unique_ptr<PerfSource> source(new PerfSource());
  source->cpus_ = std::move(cpus);
  source->pageBytes_ = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  source->ringBytes_ = pages * source->pageBytes_;
  source->fd_ = fcntl(mapFd, F_DUPFD_CLOEXEC, 0);
  if (source->fd_ < 0) {
    *error = errno;
    return nullptr;
  }
  perf_event_attr attr{};
  attr.size = sizeof(attr);
  attr.type = PERF_TYPE_SOFTWARE;
  attr.config = PERF_COUNT_SW_BPF_OUTPUT;
  attr.sample_type = PERF_SAMPLE_RAW;
  attr.sample_period = 1;
  attr.wakeup_events = 1;
  perf_buffer_raw_opts options{};
  options.sz = sizeof(options);
  options.cpu_cnt = static_cast<int>(source->cpus_.size());
  options.cpus = source->cpus_.data();
  options.map_keys = source->cpus_.data();
  // No callback: libbpf never reads this buffer.
  const auto open = [&] { return perf_buffer__new_raw(source->fd_, pages, &attr, nullptr, nullptr, &options); };
  // Since Linux 6.0 a read of the event gives the number of its lost records.
  attr.read_format = PERF_FORMAT_LOST;
  source->buffer_ = open();
  if (source->buffer_ == nullptr && errno == EINVAL) {
    source->countsEveryLoss_ = false;
    attr.read_format = 0;
    source->buffer_ = open();
  }
  if (source->buffer_ == nullptr) {
    *error = errno;
    return nullptr;
  }
  for (size_t index = 0; index < source->cpus_.size(); index++) {
    void* memory = nullptr;
    size_t mappedBytes = 0;
    perf_buffer__buffer(source->buffer_, static_cast<int>(index), &memory, &mappedBytes);
    source->rings_.push_back(memory);
    source->fds_.push_back(perf_buffer__buffer_fd(source->buffer_, index));
  }
  return source;
}

std::unique_ptr<PerfSource> PerfSource::Adopt(std::vector<int> fds, std::vector<int> cpus, uint32_t pages, int* error) {
  std::unique_ptr<PerfSource> source(new PerfSource());
  source->fds_ = std::move(fds);
  source->cpus_ = std::move(cpus);
  source->pageBytes_ = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  source->ringBytes_ = pages * source->pageBytes_;
  source->epoll_ = epoll_create1(EPOLL_CLOEXEC);
  for (const int fd : source->fds_) {
    void* memory = mmap(nullptr, source->pageBytes_ + source->ringBytes_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory != MAP_FAILED) source->rings_.push_back(memory);
    epoll_event readable{};
    readable.events = EPOLLIN;
    if (memory == MAP_FAILED || epoll_ctl(source->epoll_, EPOLL_CTL_ADD, fd, &readable) < 0) {
      *error = errno;
      return nullptr;
    }
  }
  return source;
}

PerfSource::~PerfSource() {
  if (buffer_ != nullptr) {
    perf_buffer__free(buffer_);
  } else {
    for (void* memory : rings_) munmap(memory, pageBytes_ + ringBytes_);
    for (const int fd : fds_) close(fd);
  }
  if (epoll_ >= 0) close(epoll_);
  if (fd_ >= 0) close(fd_);
}

uint64_t PerfSource::Lost() const {
  if (!countsEveryLoss_) return lost_;
  uint64_t sum = 0;
  for (const int fd : fds_) {
    // https://github.com/torvalds/linux/blob/v6.1/include/uapi/linux/perf_event.h#L328 { value, lost }
    uint64_t counts[2] = {0, 0};
    if (fd >= 0 && read(fd, counts, sizeof(counts)) == sizeof(counts)) sum += counts[1];
  }
  return std::max(sum, lost_);
}

ReadResult PerfSource::Read(uint8_t* out, size_t size) {
  ReadResult result;
  for (size_t turn = 0; turn < cpus_.size(); turn++) {
    if (!ReadRing(next_, out, size, &result)) break;
    next_ = (next_ + 1) % cpus_.size();
  }
  return result;
}

bool PerfSource::ReadRing(size_t index, uint8_t* out, size_t size, ReadResult* result) {
  void* memory = rings_[index];
  if (memory == nullptr) {
    result->broken = "a CPU's buffer is gone";
    return false;
  }
  auto* control = static_cast<perf_event_mmap_page*>(memory);
  const RingData ring{static_cast<const uint8_t*>(memory) + pageBytes_, ringBytes_};
  // Acquire pairs with the kernel's barrier before it moves data_head.
  const uint64_t head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);
  uint64_t tail = control->data_tail;
  SawWaiting(head - tail);
  bool finished = true;

  while (tail != head) {
    perf_event_header header;
    ring.Copy(&header, tail, sizeof(header));
    if (header.size < sizeof(header) || header.size > head - tail) {
      result->broken = "a record reaches beyond what the kernel has written";
      finished = false;
      break;
    }
    if (header.type == PERF_RECORD_LOST && header.size >= 24) {
      uint64_t count = 0;
      ring.Copy(&count, tail + 16, sizeof(count));
      lost_ += count;
    } else if (header.type == PERF_RECORD_SAMPLE && header.size >= 12) {
      uint32_t length = 0;
      ring.Copy(&length, tail + 8, sizeof(length));
      if (length > header.size - 12u) {
        result->broken = "a sample is longer than its record";
        finished = false;
        break;
      }
      const size_t frameBytes = (kFrameHeader + length + 7) & ~size_t{7};
      if (result->bytes + frameBytes > size) {
        result->more = true;
        if (result->records == 0) result->needed = frameBytes;
        finished = false;
        break;
      }
      uint8_t* frame = out + result->bytes;
      const uint32_t words[2] = {length, static_cast<uint32_t>(cpus_[index])};
      memcpy(frame, words, kFrameHeader);
      ring.Copy(frame + kFrameHeader, tail + 12, length);
      memset(frame + kFrameHeader + length, 0, frameBytes - kFrameHeader - length);
      result->bytes += frameBytes;
      result->records++;
    }
    tail += header.size;
  }
  // Release: the kernel may write over what lies before the tail only after our copies.
  __atomic_store_n(&control->data_tail, tail, __ATOMIC_RELEASE);
  return finished;
}
