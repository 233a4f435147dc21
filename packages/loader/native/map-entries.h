#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// Every entry of a map, copied: `count` keys of `keyBytes` and values of `valueBytes`, one after another.
/// The value of a per-CPU map is that of every possible CPU in turn, each padded to 8 bytes.
struct MapEntries {
  size_t keyBytes = 0;
  size_t valueBytes = 0;
  size_t count = 0;
  std::vector<uint8_t> keys;
  std::vector<uint8_t> values;
};

/// What ReadMapEntries must know about the map.
struct MapShape {
  uint32_t type;
  uint32_t keySize;
  uint32_t valueSize;
  uint32_t maxEntries;
};

/// Bytes of a value as user space sees it: that of every possible CPU for a per-CPU map.
size_t MapValueBytes(const MapShape& shape);

/// Reads at most `maxEntries` entries and `limitBytes` bytes; `clear` removes them, or sets them to zero in an array.
/// Hash maps are emptied while they are read, others afterwards: what programs add between is lost. Returns 0 or a negative errno; -E2BIG beyond the limit.
/// The descriptor is only borrowed. A map that changes meanwhile may yield an entry twice or miss one.
int ReadMapEntries(int fd, const MapShape& shape, size_t limitBytes, bool clear, MapEntries* entries);

/// Counts the entries of a map with keys, up to `limit`. Returns 0 or a negative errno. The descriptor is only borrowed.
int CountMapEntries(int fd, size_t keyBytes, uint32_t limit, uint32_t* count);
