#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

/// The arguments of BPF_LINK_CREATE as the newest kernels take them. The headers that the addon is built with may be older, and so
/// is libbpf 1.1, which knows nothing of tcx, netfilter and uprobe.multi.
/// https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h (union bpf_attr, struct link_create)
struct LinkCreateAttr {
  uint32_t program;
  /// A descriptor, or the number of an interface.
  uint32_t target;
  uint32_t attachType;
  uint32_t flags;
  union {
    struct {
      uint32_t relative;
      uint32_t padding;
      uint64_t expectedRevision;
    } tcx;
    struct {
      uint32_t protocolFamily;
      uint32_t hook;
      int32_t priority;
      uint32_t flags;
    } netfilter;
    struct {
      uint32_t flags;
      uint32_t count;
      uint64_t symbols;
      uint64_t addresses;
      uint64_t cookies;
    } kprobeMulti;
    struct {
      uint64_t path;
      uint64_t offsets;
      uint64_t refCounterOffsets;
      uint64_t cookies;
      uint32_t count;
      uint32_t flags;
      uint32_t pid;
    } uprobeMulti;
  };
};

/// enum bpf_cmd
constexpr int kBpfLinkCreate = 28;

/// All bytes zero, padding too: the kernel refuses bytes that it does not know.
inline LinkCreateAttr NewLinkCreateAttr() {
  LinkCreateAttr attr;
  memset(&attr, 0, sizeof(attr));
  return attr;
}

/// A descriptor, or -1 with errno.
inline int CreateLink(const LinkCreateAttr& attr) {
  return static_cast<int>(syscall(SYS_bpf, kBpfLinkCreate, &attr, sizeof(attr)));
}
