#pragma once

#include <cstddef>
#include <cstdint>

/// Sets `count` entries whose keys and values stand one after another, in batches where the kernel and the map type have
/// them. The value of a per-CPU map is that of every possible CPU in turn, each padded to 8 bytes. Returns 0 or a negative
/// errno; what was set before a failure stays. The descriptor and the memory are only borrowed.
int UpdateEntries(int fd, const uint8_t* keys, size_t keyBytes, const uint8_t* values, size_t valueBytes, size_t count);

/// Deletes `count` keys; one that is not there is no failure. Otherwise as UpdateEntries.
int DeleteKeys(int fd, const uint8_t* keys, size_t keyBytes, size_t count);
