#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// A map of which refused entries are counted.
struct RefusingMap {
  uint32_t id;
  /// BPF_MAP_TYPE_* number.
  uint32_t type;
};

/// Counts, in the kernel, how often one of some maps refuses an entry: with programs of our own at the end (fexit) of the
/// kernel functions that put entries into such maps.
class Refusals {
 public:
  /// Whether entries that a map of this type refuses can be counted.
  static bool Counts(uint32_t mapType);

  /// Starts to count. Null with a positive errno, and in `what` what it was that failed.
  static std::unique_ptr<Refusals> Start(const std::vector<RefusingMap>& maps, int* error, std::string* what);
  ~Refusals();

  /// Of each map, in the order of Start. Returns 0 or a negative errno.
  int Read(std::vector<uint64_t>* counts) const;
  /// Calls that our programs did not see, because they were running already on that CPU.
  int ReadMissed(uint64_t* missed) const;

 private:
  Refusals() = default;

  // All owned. The programs are detached when the links are closed.
  int countsFd_ = -1;
  std::vector<int> programFds_;
  std::vector<int> linkFds_;
  size_t mapCount_ = 0;
};
