#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "../arguments.h"
#include "../bpf-object.h"
#include "../failure.h"
#include "../link.h"

/// `attachSocketFilter(program, ifindex)`: opens a packet socket on the interface, with the program as its filter. Nobody reads the
/// socket: what the program lets through fills its buffer, and then the kernel drops it, after the program has run.
Napi::Value BpfObject::AttachSocketFilter(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  uint32_t ifindex = 0;
  if (program == nullptr || !ReadUint32(info, 1, &ifindex)) return info.Env().Undefined();
  // Protocol 0 receives nothing, so no packet comes before the filter is there.
  const int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  const int filter = bpf_program__fd(program);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(ifindex);
  if (descriptor < 0 || setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_BPF, &filter, sizeof(filter)) != 0 ||
      bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    const int error = errno;
    if (descriptor >= 0) close(descriptor);
    ThrowFailure(info.Env(), error);
    return info.Env().Undefined();
  }
  return Link::AdoptDescriptor(info.Env(), descriptor, object_);
}

/// `attachToMap(program, map, attachType)`: for the sockets in a map. The kernel keeps the program as long as it keeps the map.
Napi::Value BpfObject::AttachToMap(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  std::string name;
  uint32_t attachType = 0;
  if (program == nullptr || !ReadString(info, 1, &name) || !ReadUint32(info, 2, &attachType)) {
    return info.Env().Undefined();
  }
  const bpf_map* map = bpf_object__find_map_by_name(object_.get(), name.c_str());
  const int error = map == nullptr ? -ENOENT
                                   : bpf_prog_attach(bpf_program__fd(program), bpf_map__fd(map),
                                                     static_cast<bpf_attach_type>(attachType), 0);
  if (error < 0) {
    ThrowFailure(info.Env(), -error);
    return info.Env().Undefined();
  }
  // Both descriptors are the object's, which the link holds.
  const auto detach = [programFd = bpf_program__fd(program), mapFd = bpf_map__fd(map), attachType] {
    bpf_prog_detach2(programFd, mapFd, static_cast<bpf_attach_type>(attachType));
  };
  return Link::AdoptUndo(info.Env(), detach, object_);
}
