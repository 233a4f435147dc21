#include "link.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "addon-data.h"
#include "failure.h"

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
  return DefineClass(env, "Link", {InstanceMethod("iterate", &Link::Iterate), InstanceMethod("misses", &Link::Misses),
                              InstanceMethod("close", &Link::Close)});
}

Napi::Value Link::Adopt(Napi::Env env, bpf_link* link, std::shared_ptr<bpf_object> object) {
  // Even where destroying reports an error it has closed the descriptors, and nothing more can be done.
  return Wrap(env, bpf_link__fd(link), [link] { bpf_link__destroy(link); }, std::move(object));
}

Napi::Value Link::AdoptDescriptor(Napi::Env env, int descriptor, std::shared_ptr<bpf_object> object) {
  return Wrap(env, descriptor, [descriptor] { close(descriptor); }, std::move(object));
}

Napi::Value Link::AdoptUndo(Napi::Env env, std::function<void()> detach, std::shared_ptr<bpf_object> object) {
  return Wrap(env, -1, std::move(detach), std::move(object));
}

Napi::Value Link::Wrap(Napi::Env env, int descriptor, std::function<void()> detach,
                       std::shared_ptr<bpf_object> object) {
  const Napi::Object wrapper = env.GetInstanceData<AddonData>()->link.New({});
  if (env.IsExceptionPending()) {
    detach();
    return env.Undefined();
  }
  Link* self = Unwrap(wrapper);
  self->descriptor_ = descriptor;
  self->detach_ = std::move(detach);
  self->object_ = std::move(object);
  return wrapper;
}

/// `iterate()` -> a descriptor, the caller's, that gives the text of an iterator from its start.
Napi::Value Link::Iterate(const Napi::CallbackInfo& info) {
  const int descriptor = bpf_iter_create(descriptor_);
  if (descriptor < 0) {
    ThrowFailure(info.Env(), errno);
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), descriptor);
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
  if (descriptor_ < 0 || bpf_obj_get_info_by_fd(descriptor_, reinterpret_cast<bpf_link_info*>(&link), &linkBytes) < 0) {
    return env.Undefined();
  }
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
  if (detach_) std::exchange(detach_, nullptr)();
  descriptor_ = -1;
  object_.reset();
}
