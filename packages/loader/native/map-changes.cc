#include "map-changes.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>

namespace {

// What one system call may hold up other users of the map for.
constexpr size_t kBatchEntries = 4096;

/// The kernel's ENOTSUPP, which user space has no name for: the map type has no such batch operation.
constexpr int kNotSupported = 524;

bool HasNoBatch(int error) { return error == -kNotSupported || error == -EINVAL || error == -EOPNOTSUPP; }

int UpdateOneByOne(int fd, const uint8_t* keys, size_t keyBytes, const uint8_t* values, size_t valueBytes,
                   size_t count) {
  for (size_t index = 0; index < count; index++) {
    const int error = bpf_map_update_elem(fd, keys + index * keyBytes, values + index * valueBytes, BPF_ANY);
    if (error < 0) return error;
  }
  return 0;
}

int DeleteOneByOne(int fd, const uint8_t* keys, size_t keyBytes, size_t count) {
  for (size_t index = 0; index < count; index++) {
    const int error = bpf_map_delete_elem(fd, keys + index * keyBytes);
    if (error < 0 && error != -ENOENT) return error;
  }
  return 0;
}

}  // namespace

int UpdateEntries(int fd, const uint8_t* keys, size_t keyBytes, const uint8_t* values, size_t valueBytes,
                  size_t count) {
  for (size_t done = 0; done < count;) {
    const uint8_t* nextKeys = keys + done * keyBytes;
    const uint8_t* nextValues = values + done * valueBytes;
    uint32_t batch = static_cast<uint32_t>(std::min(kBatchEntries, count - done));
    const int error = bpf_map_update_batch(fd, nextKeys, nextValues, &batch, nullptr);
    if (HasNoBatch(error)) return UpdateOneByOne(fd, nextKeys, keyBytes, nextValues, valueBytes, count - done);
    if (error < 0) return error;
    done += batch;
  }
  return 0;
}

int DeleteKeys(int fd, const uint8_t* keys, size_t keyBytes, size_t count) {
  for (size_t done = 0; done < count;) {
    const uint8_t* next = keys + done * keyBytes;
    const size_t wanted = std::min(kBatchEntries, count - done);
    uint32_t batch = static_cast<uint32_t>(wanted);
    const int error = bpf_map_delete_batch(fd, next, &batch, nullptr);
    // A key that is gone ends a batch: the rest of that batch is done one by one.
    if (error < 0) {
      if (error != -ENOENT && !HasNoBatch(error)) return error;
      const int failed = DeleteOneByOne(fd, next, keyBytes, wanted);
      if (failed < 0) return failed;
    }
    done += wanted;
  }
  return 0;
}
