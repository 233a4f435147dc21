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

/// Reads at most `maxEntries` entries and `limitBytes` bytes. Returns 0 or a negative errno; -E2BIG beyond the limit.
/// The descriptor is only borrowed. A map that changes meanwhile may yield an entry twice or miss one.
int ReadMapEntries(int fd, const MapShape& shape, size_t limitBytes, MapEntries* entries);
