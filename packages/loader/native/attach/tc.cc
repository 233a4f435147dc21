#include "tc.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>

#include <cerrno>
#include <string>
#include <vector>

#include "../arguments.h"
#include "../bpf-object.h"
#include "../failure.h"
#include "../log-capture.h"
#include "tc-dump.h"

namespace {

bpf_tc_hook Hook(uint32_t ifindex, int where) {
  bpf_tc_hook hook{};
  hook.sz = sizeof(hook);
  hook.ifindex = static_cast<int>(ifindex);
  hook.attach_point = static_cast<bpf_tc_attach_point>(where);
  return hook;
}

int Direction(bool egress) { return egress ? BPF_TC_EGRESS : BPF_TC_INGRESS; }

/// `interfaceIndex(name)` -> its number in this network namespace, 0 when there is none.
Napi::Value InterfaceIndex(const Napi::CallbackInfo& info) {
  std::string name;
  if (!ReadString(info, 0, &name)) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), if_nametoindex(name.c_str()));
}

Napi::Value TcFilters(const Napi::CallbackInfo& info) {
  uint32_t ifindex = 0;
  bool egress = false;
  if (!ReadUint32(info, 0, &ifindex) || !ReadBoolean(info, 1, &egress)) return info.Env().Undefined();
  std::vector<TcFilter> filters;
  const int error = ListTcFilters(static_cast<int>(ifindex), egress, &filters);
  if (error < 0) {
    ThrowFailure(info.Env(), -error);
    return info.Env().Undefined();
  }
  const Napi::Array list = Napi::Array::New(info.Env());
  for (const TcFilter& filter : filters) {
    Napi::Object row = Napi::Object::New(info.Env());
    row.Set("handle", filter.handle);
    row.Set("priority", filter.priority);
    row.Set("programId", filter.programId);
    row.Set("name", filter.name);
    list.Set(list.Length(), row);
  }
  return list;
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

Napi::Value RemoveTcFilter(const Napi::CallbackInfo& info) {
  uint32_t ifindex = 0;
  bool egress = false;
  bpf_tc_opts options{};
  options.sz = sizeof(options);
  if (!ReadUint32(info, 0, &ifindex) || !ReadBoolean(info, 1, &egress) || !ReadUint32(info, 2, &options.handle) ||
      !ReadUint32(info, 3, &options.priority)) {
    return info.Env().Undefined();
  }
  const bpf_tc_hook hook = Hook(ifindex, Direction(egress));
  const LogCapture log;
  const int error = bpf_tc_detach(&hook, &options);
  if (error < 0) ThrowFailure(info.Env(), -error, log.Text());
  return info.Env().Undefined();
}

/// The qdisc goes with every filter of both directions.
Napi::Value RemoveClsact(const Napi::CallbackInfo& info) {
  uint32_t ifindex = 0;
  if (!ReadUint32(info, 0, &ifindex)) return info.Env().Undefined();
  bpf_tc_hook hook = Hook(ifindex, BPF_TC_INGRESS | BPF_TC_EGRESS);
  const LogCapture log;
  const int error = bpf_tc_hook_destroy(&hook);
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
  bpf_tc_hook hook = Hook(ifindex, Direction(egress));
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
  exports.Set("tcFilters", Napi::Function::New<TcFilters>(env));
  exports.Set("hasClsact", Napi::Function::New<HasClsactQdisc>(env));
  exports.Set("removeTcFilter", Napi::Function::New<RemoveTcFilter>(env));
  exports.Set("removeClsact", Napi::Function::New<RemoveClsact>(env));
}
