#include "map-entries.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>

#include "map-changes.h"

namespace {

// A system call for each 256 KB or so: larger chunks gain nothing.
constexpr size_t kChunkBytes = 256 * 1024;

bool IsPerCpu(uint32_t type) {
  return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
         type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

bool Append(MapEntries* entries, const uint8_t* keys, const uint8_t* values, size_t count, size_t limitBytes) {
  const size_t entryBytes = entries->keyBytes + entries->valueBytes;
  if (count > limitBytes / entryBytes || entries->count + count > limitBytes / entryBytes) return false;
  entries->keys.insert(entries->keys.end(), keys, keys + count * entries->keyBytes);
  entries->values.insert(entries->values.end(), values, values + count * entries->valueBytes);
  entries->count += count;
  return true;
}

int ReadOneByOne(int fd, uint32_t maxEntries, size_t limitBytes, MapEntries* entries) {
  std::vector<uint8_t> key(entries->keyBytes);
  std::vector<uint8_t> value(entries->valueBytes);
  const void* previous = nullptr;
  for (uint32_t step = 0; step < maxEntries; step++) {
    // The kernel copies the previous key before it writes the next one, so both may be the same memory.
    const int error = bpf_map_get_next_key(fd, previous, key.data());
    if (error < 0) return error == -ENOENT ? 0 : error;
    previous = key.data();
    const int missing = bpf_map_lookup_elem(fd, key.data(), value.data());
    if (missing == -ENOENT) continue;
    if (missing < 0) return missing;
    if (!Append(entries, key.data(), value.data(), 1, limitBytes)) return -E2BIG;
  }
  return 0;
}

/// Returns -EOPNOTSUPP where the kernel or the map type has no batch lookup.
/// With `remove`, each bucket is read and emptied in one go, so that nothing that is added meanwhile is lost.
int ReadInBatches(int fd, uint32_t maxEntries, size_t limitBytes, bool remove, MapEntries* entries) {
  const size_t entryBytes = entries->keyBytes + entries->valueBytes;
  size_t chunk = std::clamp<size_t>(kChunkBytes / entryBytes, 1, maxEntries);
  std::vector<uint8_t> keys(chunk * entries->keyBytes);
  std::vector<uint8_t> values(chunk * entries->valueBytes);
  // A position is a bucket number for hash maps (4 bytes), a key for others.
  std::vector<uint8_t> position(std::max<size_t>(entries->keyBytes, sizeof(uint32_t)));
  bool first = true;
  while (entries->count < maxEntries) {
    uint32_t count = static_cast<uint32_t>(std::min<size_t>(chunk, maxEntries));
    const auto lookup = remove ? bpf_map_lookup_and_delete_batch : bpf_map_lookup_batch;
    const int error = lookup(fd, first ? nullptr : position.data(), position.data(), keys.data(), values.data(), &count,
                             nullptr);
    if (error == -ENOSPC) {
      // One bucket of a hash map holds more than a chunk.
      if (chunk >= maxEntries || chunk * 2 > limitBytes / entryBytes) return -E2BIG;
      chunk *= 2;
      keys.resize(chunk * entries->keyBytes);
      values.resize(chunk * entries->valueBytes);
      continue;
    }
    if (error < 0 && error != -ENOENT) return first ? -EOPNOTSUPP : error;
    if (!Append(entries, keys.data(), values.data(), count, limitBytes)) return -E2BIG;
    if (error == -ENOENT) return 0;
    first = false;
  }
  return 0;
}

bool IsArray(uint32_t type) { return type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY; }

/// Arrays keep their entries, which become zero.
int Clear(int fd, const MapShape& shape, const MapEntries& entries) {
  if (!IsArray(shape.type)) return DeleteKeys(fd, entries.keys.data(), entries.keyBytes, entries.count);
  const std::vector<uint8_t> zeros(entries.values.size());
  return UpdateEntries(fd, entries.keys.data(), entries.keyBytes, zeros.data(), entries.valueBytes, entries.count);
}

}  // namespace

size_t MapValueBytes(const MapShape& shape) {
  const int cpus = std::max(libbpf_num_possible_cpus(), 1);
  return IsPerCpu(shape.type) ? (shape.valueSize + size_t{7}) / 8 * 8 * cpus : shape.valueSize;
}

int ReadMapEntries(int fd, const MapShape& shape, size_t limitBytes, bool clear, MapEntries* entries) {
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 0) return cpus;
  // Queues, stacks and Bloom filters have no keys: looking up would take entries away.
  if (shape.keySize == 0 || shape.valueSize == 0) return -EOPNOTSUPP;
  entries->keyBytes = shape.keySize;
  entries->valueBytes = MapValueBytes(shape);
  if (entries->keyBytes + entries->valueBytes > limitBytes) return -E2BIG;
  if (clear && !IsArray(shape.type)) {
    const int taken = ReadInBatches(fd, shape.maxEntries, limitBytes, true, entries);
    if (taken != -EOPNOTSUPP) return taken;
  }
  int error = ReadInBatches(fd, shape.maxEntries, limitBytes, false, entries);
  if (error == -EOPNOTSUPP) error = ReadOneByOne(fd, shape.maxEntries, limitBytes, entries);
  return error == 0 && clear ? Clear(fd, shape, *entries) : error;
}

int CountMapEntries(int fd, size_t keyBytes, uint32_t limit, uint32_t* count) {
  std::vector<uint8_t> key(keyBytes);
  const void* previous = nullptr;
  for (*count = 0; *count < limit; ++*count) {
    const int error = bpf_map_get_next_key(fd, previous, key.data());
    if (error < 0) return error == -ENOENT ? 0 : error;
    previous = key.data();
  }
  return 0;
}
