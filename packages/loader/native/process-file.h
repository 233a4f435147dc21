#pragma once

#include <napi.h>
#include <sys/types.h>

#include <cstdint>
#include <string>

/// The files of another process that may be read.
enum class ProcessFile : uint32_t {
  /// What is mapped where: /proc/PID/maps.
  kMaps = 0,
  /// A file that the process has mapped to run code from it, by the path that its maps show.
  kMapped = 1,
  /// Where just-in-time compilers write down their symbols: /tmp/perf-PID.map as the process sees it.
  kPerfMap = 2,
};

/// A descriptor to read from, or a negative errno. Paths are followed within the root of that process; only regular files open.
int OpenProcessFile(pid_t pid, ProcessFile kind, const std::string& path);
