#include "map-operate.h"

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "../arguments.h"

namespace {

/// The address of optional bytes, as bpf(2) takes it.
bool ReadAddress(const Napi::CallbackInfo& info, size_t index, uint64_t* address) {
  if (info[index].IsUndefined()) return true;
  const uint8_t* bytes = nullptr;
  size_t size = 0;
  if (!ReadBytes(info, index, &bytes, &size)) return false;
  *address = reinterpret_cast<uintptr_t>(bytes);
  return true;
}

}  // namespace

Napi::Value MapOperate(const Napi::CallbackInfo& info) {
  int32_t fd = -1;
  uint32_t command = 0;
  uint64_t key = 0;
  uint64_t value = 0;
  uint64_t nextKey = 0;
  if (!ReadInt32(info, 0, &fd) || !ReadUint32(info, 1, &command) || !ReadAddress(info, 2, &key) ||
      !ReadAddress(info, 3, &value) || !ReadAddress(info, 4, &nextKey)) {
    return info.Env().Undefined();
  }
  if (!info[5].IsBigInt()) {
    Napi::TypeError::New(info.Env(), "flags must be a bigint").ThrowAsJavaScriptException();
    return info.Env().Undefined();
  }
  bool lossless = false;
  bpf_attr attr{};
  attr.map_fd = static_cast<uint32_t>(fd);
  attr.key = key;
  if (command == BPF_MAP_GET_NEXT_KEY) {
    attr.next_key = nextKey;
  } else {
    attr.value = value;
    attr.flags = info[5].As<Napi::BigInt>().Uint64Value(&lossless);
  }
  const long result = syscall(SYS_bpf, command, &attr, sizeof(attr));
  return Napi::Number::New(info.Env(), result < 0 ? -errno : 0);
}
