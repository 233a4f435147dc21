#pragma once

#include <bpf/btf.h>
#include <linux/bpf.h>

#include <cstdint>
#include <vector>

#include "refusals.h"

/// How a function says that it refused an entry.
enum class Refusal {
  /// By a null pointer.
  kNull,
  /// By any negative error.
  kError,
  /// By an error that means want of room, memory or a lock; others are what the caller asked for (BPF_NOEXIST).
  kWantOfRoom,
};

/// Where things lie in this kernel.
struct Places {
  uint32_t functionId;
  int16_t returnOffset;
  int32_t idOffset;
};

/// Looks them up in the kernel's BTF. Returns 0, or -ENOENT when the function or `struct bpf_map` is not there.
int FindPlaces(const btf* kernel, const char* function, Places* places);

/// A program for the end of a function: it adds 1 for the map that refused, in the array `countsFd`.
std::vector<bpf_insn> AssembleRefusalProgram(Refusal refusal, const Places& places,
                                             const std::vector<RefusingMap>& maps, int countsFd);
