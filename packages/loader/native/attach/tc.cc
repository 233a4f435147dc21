#include "tc.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>

#include <cerrno>
#include <string>

#include "../arguments.h"
#include "../bpf-object.h"
#include "../failure.h"
#include "../log-capture.h"
#include "tc-dump.h"
#include "tc-hook.h"
#include "tc-remove.h"

namespace {

/// `interfaceIndex(name)` -> its number in this network namespace, 0 when there is none.
Napi::Value InterfaceIndex(const Napi::CallbackInfo& info) {
  std::string name;
  if (!ReadString(info, 0, &name)) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), if_nametoindex(name.c_str()));
}

Napi::Value HasClsactQdisc(const Napi::CallbackInfo& info) {
  uint32_t ifindex = 0;
  if (!ReadUint32(info, 0, &ifindex)) return info.Env().Undefined();
  const int result = HasClsact(static_cast<int>(ifindex));
  if (result < 0) {
    ThrowFailure(info.Env(), -result);
    return info.Env().Undefined();
  }
  return Napi::Boolean::New(info.Env(), result > 0);
}

/// `removeTcFilters(ifindex, egress, programId)` -> how many there were.
Napi::Value RemoveTcFiltersOf(const Napi::CallbackInfo& info) {
  uint32_t ifindex = 0;
  bool egress = false;
  uint32_t programId = 0;
  if (!ReadUint32(info, 0, &ifindex) || !ReadBoolean(info, 1, &egress) || !ReadUint32(info, 2, &programId)) {
    return info.Env().Undefined();
  }
  const LogCapture log;
  const int result = RemoveTcFilters(static_cast<int>(ifindex), egress, programId);
  if (result < 0) {
    ThrowFailure(info.Env(), -result, log.Text());
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), result);
}

Napi::Value RemoveUnusedClsactOf(const Napi::CallbackInfo& info) {
  uint32_t ifindex = 0;
  if (!ReadUint32(info, 0, &ifindex)) return info.Env().Undefined();
  const LogCapture log;
  const int error = RemoveUnusedClsact(static_cast<int>(ifindex));
  if (error < 0) ThrowFailure(info.Env(), -error, log.Text());
  return info.Env().Undefined();
}

}  // namespace

/// `attachTc(program, ifindex, egress, handle, priority)` -> `{ handle, priority }`: with classic tc, for which there is no link: the
/// filter stays until it is removed. Makes the clsact qdisc where there is none. 0 lets the kernel choose.
Napi::Value BpfObject::AttachTc(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  uint32_t ifindex = 0;
  bool egress = false;
  bpf_tc_opts options{};
  options.sz = sizeof(options);
  if (program == nullptr || !ReadUint32(info, 1, &ifindex) || !ReadBoolean(info, 2, &egress) ||
      !ReadUint32(info, 3, &options.handle) || !ReadUint32(info, 4, &options.priority)) {
    return info.Env().Undefined();
  }
  bpf_tc_hook hook = TcHook(static_cast<int>(ifindex), TcDirection(egress));
  options.prog_fd = bpf_program__fd(program);
  const LogCapture log;
  int error = bpf_tc_hook_create(&hook);
  if (error == 0 || error == -EEXIST) error = bpf_tc_attach(&hook, &options);
  if (error < 0) {
    ThrowFailure(info.Env(), -error, log.Text());
    return info.Env().Undefined();
  }
  Napi::Object filter = Napi::Object::New(info.Env());
  filter.Set("handle", options.handle);
  filter.Set("priority", options.priority);
  return filter;
}

void DefineTc(Napi::Env env, Napi::Object exports) {
  exports.Set("interfaceIndex", Napi::Function::New<InterfaceIndex>(env));
  exports.Set("hasClsact", Napi::Function::New<HasClsactQdisc>(env));
  exports.Set("removeTcFilters", Napi::Function::New<RemoveTcFiltersOf>(env));
  exports.Set("removeUnusedClsact", Napi::Function::New<RemoveUnusedClsactOf>(env));
}
