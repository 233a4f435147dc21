#pragma once

#include <cstddef>
#include <cstdint>

/// What one Read brought.
struct ReadResult {
  /// Bytes written, all of them whole records.
  size_t bytes = 0;
  uint32_t records = 0;
  /// There is more: the space was used up.
  bool more = false;
  /// The next record alone needs that much space; 0 unless nothing at all could be written for want of it.
  size_t needed = 0;
  /// Why the source can never be read again, or null. Static text.
  const char* broken = nullptr;
};

/// Where records come from. Records leave it in one form, whatever they come from: a header of 8 bytes (length in the
/// low 30 bits of the first word; the second is the page offset or the CPU), the data, padding to 8 bytes.
class EventSource {
 public:
  virtual ~EventSource() = default;

  /// A descriptor that becomes readable with new records. Owned by the source, valid for its life.
  virtual int PollFd() const = 0;
  /// Bytes that the kernel can keep for us (on one CPU, where each has its own).
  virtual size_t CapacityBytes() const = 0;
  /// Bytes that it can keep in all.
  virtual size_t TotalBytes() const = 0;
  /// Moves records that are there into `out`, and tells the kernel that their room is free.
  virtual ReadResult Read(uint8_t* out, size_t size) = 0;
  /// Records that the kernel said it could not keep.
  virtual uint64_t Lost() const = 0;
  /// Whether Lost is all of them at any time, rather than what the kernel has told so far.
  virtual bool CountsEveryLoss() const = 0;
  /// For how long events may gather before they are read; 0: they are read as they come.
  unsigned TickMs() const {
    const size_t ms = CapacityBytes() / kBytesPerTickMs;
    return static_cast<unsigned>(ms < kLongestTickMs ? ms : kLongestTickMs);
  }
  /// The most bytes that were found waiting when it was read (on one CPU, where each has its own).
  uint64_t HighWaterBytes() const { return highWaterBytes_; }

 protected:
  void SawWaiting(uint64_t bytes) {
    if (bytes > highWaterBytes_) highWaterBytes_ = bytes;
  }

 private:
  // A flood of small events was seen to write 60 to 85 KB a ms; this is three times as much, so that a buffer does not fill up
  // between two ticks, even late ones. A smaller buffer is always polled: that slows the traced process, but keeps more.
  static constexpr size_t kBytesPerTickMs = 256 * 1024;
  static constexpr size_t kLongestTickMs = 10;

  uint64_t highWaterBytes_ = 0;
};
