#include "link.h"

#include <bpf/bpf.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "addon-data.h"

namespace {

/// The head of the kernel's `struct bpf_link_info` of Linux 6.7, where `missed` came; older headers lack it.
/// https://github.com/torvalds/linux/blob/v6.7/include/uapi/linux/bpf.h struct bpf_link_info
struct LinkInfo {
  uint32_t type;
  uint32_t id;
  uint32_t programId;
  uint32_t padding;
  union {
    struct {
      uint64_t addresses;
      uint32_t count;
      uint32_t flags;
      uint64_t missed;
    } kprobeMulti;
    struct {
      uint32_t type;
      uint32_t padding;
      uint64_t functionName;
      uint32_t nameBytes;
      uint32_t offset;
      uint64_t address;
      uint64_t missed;
    } perfEvent;
  };
};
static_assert(offsetof(LinkInfo, kprobeMulti.missed) == 32 && offsetof(LinkInfo, perfEvent.missed) == 48);

// enum bpf_link_type and bpf_perf_event_type of the same file.
constexpr uint32_t kLinkPerfEvent = 7;
constexpr uint32_t kLinkKprobeMulti = 8;
constexpr uint32_t kPerfEventKprobe = 3;
constexpr uint32_t kPerfEventKretprobe = 4;

}  // namespace

Napi::Function Link::Define(Napi::Env env) {
  return DefineClass(env, "Link", {InstanceMethod("close", &Link::Close), InstanceMethod("misses", &Link::Misses)});
}

Napi::Value Link::Adopt(Napi::Env env, bpf_link* link, std::shared_ptr<bpf_object> object) {
  const Napi::Object wrapper = env.GetInstanceData<AddonData>()->link.New({});
  if (env.IsExceptionPending()) {
    bpf_link__destroy(link);
    return env.Undefined();
  }
  Link* self = Unwrap(wrapper);
  self->link_ = link;
  self->object_ = std::move(object);
  return wrapper;
}

Napi::Value Link::Close(const Napi::CallbackInfo& info) {
  Detach();
  return info.Env().Undefined();
}

/// `{ counted, missed }`: whether this kernel counts the runs that it skips (it does since it has `missed`), and how many hits of
/// a kprobe did not run its program, a BigInt, 0 for other links; undefined where the link has no info.
Napi::Value Link::Misses(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  LinkInfo link{};
  uint32_t linkBytes = sizeof(link);
  const int fd = link_ == nullptr ? -1 : bpf_link__fd(link_);
  if (fd < 0 || bpf_obj_get_info_by_fd(fd, reinterpret_cast<bpf_link_info*>(&link), &linkBytes) < 0) return env.Undefined();
  const bool isKprobe = link.perfEvent.type == kPerfEventKprobe || link.perfEvent.type == kPerfEventKretprobe;
  uint64_t missed = 0;
  if (link.type == kLinkKprobeMulti) missed = link.kprobeMulti.missed;
  if (link.type == kLinkPerfEvent && isKprobe) missed = link.perfEvent.missed;
  Napi::Object row = Napi::Object::New(env);
  row.Set("counted", linkBytes == sizeof(link));
  row.Set("missed", Napi::BigInt::New(env, missed));
  return row;
}

void Link::Detach() {
  // Even where it reports an error it has closed the descriptors, and nothing more can be done.
  if (link_ != nullptr) bpf_link__destroy(link_);
  link_ = nullptr;
  object_.reset();
}
