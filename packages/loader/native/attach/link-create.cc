#include <cerrno>
#include <string>

#include "../arguments.h"
#include "../bpf-object.h"
#include "../failure.h"
#include "../link.h"
#include "link-attr.h"

namespace {

Napi::Value Finish(Napi::Env env, const LinkCreateAttr& attr, std::shared_ptr<bpf_object> object) {
  const int descriptor = CreateLink(attr);
  if (descriptor < 0) {
    ThrowFailure(env, errno);
    return env.Undefined();
  }
  return Link::AdoptDescriptor(env, descriptor, std::move(object));
}

}  // namespace

/// `attachTo(program, target, attachType, flags)`: the target is a descriptor (cgroup, network namespace) or the number of an
/// interface (xdp, tcx), as the attach type wants it.
Napi::Value BpfObject::AttachTo(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  LinkCreateAttr attr = NewLinkCreateAttr();
  if (program == nullptr || !ReadUint32(info, 1, &attr.target) || !ReadUint32(info, 2, &attr.attachType) ||
      !ReadUint32(info, 3, &attr.flags)) {
    return info.Env().Undefined();
  }
  attr.program = static_cast<uint32_t>(bpf_program__fd(program));
  return Finish(info.Env(), attr, object_);
}

/// `attachNetfilter(program, attachType, protocolFamily, hook, priority)`
Napi::Value BpfObject::AttachNetfilter(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  LinkCreateAttr attr = NewLinkCreateAttr();
  if (program == nullptr || !ReadUint32(info, 1, &attr.attachType) ||
      !ReadUint32(info, 2, &attr.netfilter.protocolFamily) || !ReadUint32(info, 3, &attr.netfilter.hook) ||
      !ReadInt32(info, 4, &attr.netfilter.priority)) {
    return info.Env().Undefined();
  }
  attr.program = static_cast<uint32_t>(bpf_program__fd(program));
  return Finish(info.Env(), attr, object_);
}

/// `attachUprobeMulti(program, attachType, path, offsets, flags, pid)`: the offsets are a BigUint64Array; pid 0 is every process.
Napi::Value BpfObject::AttachUprobeMulti(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  std::string path;
  LinkCreateAttr attr = NewLinkCreateAttr();
  if (program == nullptr || !ReadUint32(info, 1, &attr.attachType) || !ReadString(info, 2, &path) ||
      !ReadUint32(info, 4, &attr.uprobeMulti.flags) || !ReadUint32(info, 5, &attr.uprobeMulti.pid)) {
    return info.Env().Undefined();
  }
  if (!info[3].IsTypedArray() || info[3].As<Napi::TypedArray>().TypedArrayType() != napi_biguint64_array) {
    Napi::TypeError::New(info.Env(), "argument 4 must be a BigUint64Array").ThrowAsJavaScriptException();
    return info.Env().Undefined();
  }
  const Napi::BigUint64Array offsets = info[3].As<Napi::BigUint64Array>();
  attr.program = static_cast<uint32_t>(bpf_program__fd(program));
  // Both are read before the call returns.
  attr.uprobeMulti.path = reinterpret_cast<uintptr_t>(path.c_str());
  attr.uprobeMulti.offsets = reinterpret_cast<uintptr_t>(offsets.Data());
  attr.uprobeMulti.count = static_cast<uint32_t>(offsets.ElementLength());
  return Finish(info.Env(), attr, object_);
}
