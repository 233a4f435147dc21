#include <linux/bpf.h>

#include <cerrno>

#include "../arguments.h"
#include "../bpf-object.h"
#include "../failure.h"
#include "../link.h"
#include "../log-capture.h"

namespace {

/// What an iterator goes over, where its kind wants to be told.
/// https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h (union bpf_iter_link_info)
union IteratorScope {
  struct {
    uint32_t descriptor;
  } map;
  struct {
    uint32_t order;
    uint32_t descriptor;
    uint64_t id;
  } cgroup;
  struct {
    uint32_t tid;
    uint32_t pid;
    uint32_t pidDescriptor;
  } task;
};

/// enum bpf_cgroup_iter_order: the group itself, then those below it.
constexpr uint32_t kDescendantsPre = 2;

}  // namespace

/// `attachIterator(program, over, value)`: `over` is "" (everything), "map" (its name), "cgroup" (a descriptor) or "pid".
Napi::Value BpfObject::AttachIterator(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  std::string over;
  if (program == nullptr || !ReadString(info, 1, &over)) return info.Env().Undefined();
  IteratorScope scope{};
  uint32_t number = 0;
  if (over == "map") {
    std::string name;
    if (!ReadString(info, 2, &name)) return info.Env().Undefined();
    const bpf_map* map = bpf_object__find_map_by_name(object_.get(), name.c_str());
    if (map == nullptr) {
      ThrowFailure(info.Env(), ENOENT);
      return info.Env().Undefined();
    }
    scope.map.descriptor = static_cast<uint32_t>(bpf_map__fd(map));
  } else if (!over.empty()) {
    if (!ReadUint32(info, 2, &number)) return info.Env().Undefined();
    if (over == "cgroup") {
      scope.cgroup.order = kDescendantsPre;
      scope.cgroup.descriptor = number;
    } else {
      scope.task.pid = number;
    }
  }
  bpf_iter_attach_opts options{};
  options.sz = sizeof(options);
  options.link_info = reinterpret_cast<bpf_iter_link_info*>(&scope);
  options.link_info_len = sizeof(scope);
  const LogCapture log;
  bpf_link* link = bpf_program__attach_iter(program, over.empty() ? nullptr : &options);
  if (link == nullptr) {
    ThrowFailure(info.Env(), errno, log.Text());
    return info.Env().Undefined();
  }
  return Link::Adopt(info.Env(), link, object_);
}
