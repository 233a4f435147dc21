#include "struct-ops.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "../arguments.h"
#include "../bpf-object.h"
#include "../failure.h"
#include "../link.h"
#include "../log-capture.h"
#include "link-attr.h"

namespace {

/// enum bpf_attach_type, BPF_STRUCT_OPS, and the flag of a map that is registered through a link: both since Linux 6.4, and newer
/// than libbpf 1.1.
constexpr uint32_t kAttachStructOps = 44;
constexpr uint32_t kMapFlagLink = 1U << 13;

}  // namespace

/// `linkStructOps(map)`: before load, has the kernel register the map through a link, which ends with the process.
Napi::Value BpfObject::LinkStructOps(const Napi::CallbackInfo& info) {
  bpf_map* map = FindMap(info);
  if (map == nullptr) return info.Env().Undefined();
  const int error = loaded_ ? -EBUSY : bpf_map__set_map_flags(map, bpf_map__map_flags(map) | kMapFlagLink);
  if (error < 0) ThrowFailure(info.Env(), -error);
  return info.Env().Undefined();
}

/// `attachStructOps(map)`
Napi::Value BpfObject::AttachStructOps(const Napi::CallbackInfo& info) {
  const bpf_map* map = FindMap(info);
  if (map == nullptr) return info.Env().Undefined();
  const bool throughLink = (bpf_map__map_flags(map) & kMapFlagLink) != 0;
  const LogCapture log;
  bpf_link* whole = bpf_map__attach_struct_ops(map);
  if (whole == nullptr) {
    ThrowFailure(info.Env(), errno, log.Text());
    return info.Env().Undefined();
  }
  // libbpf 1.2 and newer make the link themselves for such a map; 1.1 only hands its contents to the kernel.
  if (!throughLink || bpf_link__fd(whole) != bpf_map__fd(map)) return Link::Adopt(info.Env(), whole, object_);
  bpf_link__disconnect(whole);
  bpf_link__destroy(whole);
  LinkCreateAttr attr = NewLinkCreateAttr();
  attr.program = static_cast<uint32_t>(bpf_map__fd(map));
  attr.attachType = kAttachStructOps;
  const int descriptor = CreateLink(attr);
  if (descriptor < 0) {
    ThrowFailure(info.Env(), errno);
    return info.Env().Undefined();
  }
  return Link::AdoptDescriptor(info.Env(), descriptor, object_);
}

Napi::Value UnregisterStructOps(const Napi::CallbackInfo& info) {
  uint32_t id = 0;
  if (!ReadUint32(info, 0, &id)) return info.Env().Undefined();
  const int descriptor = bpf_map_get_fd_by_id(id);
  const uint32_t key = 0;
  const int error = descriptor < 0 ? descriptor : bpf_map_delete_elem(descriptor, &key);
  if (descriptor >= 0) close(descriptor);
  if (error < 0 && error != -ENOENT) ThrowFailure(info.Env(), -error);
  return info.Env().Undefined();
}
