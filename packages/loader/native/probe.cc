#include "probe.h"

#include <bpf/libbpf.h>

#include "arguments.h"
#include "failure.h"
#include "log-capture.h"

namespace {

template <typename Type, int (*probe)(Type, const void*)>
Napi::Value Probe(const Napi::CallbackInfo& info) {
  uint32_t type = 0;
  if (!ReadUint32(info, 0, &type)) return info.Env().Undefined();
  const LogCapture silence;
  const int result = probe(static_cast<Type>(type), nullptr);
  if (result < 0) {
    ThrowFailure(info.Env(), -result);
    return info.Env().Undefined();
  }
  return Napi::Boolean::New(info.Env(), result > 0);
}

Napi::Value LibbpfVersion(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), libbpf_version_string());
}

// How libbpf was linked: "shared" (the system's) or "static" (inside the addon).
Napi::Value LibbpfLinkage(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), EBPM_LIBBPF_LINKAGE);
}

}  // namespace

void DefineProbes(Napi::Env env, Napi::Object exports) {
  exports.Set("probeProgramType", Napi::Function::New<Probe<bpf_prog_type, libbpf_probe_bpf_prog_type>>(env));
  exports.Set("probeMapType", Napi::Function::New<Probe<bpf_map_type, libbpf_probe_bpf_map_type>>(env));
  exports.Set("libbpfVersion", Napi::Function::New<LibbpfVersion>(env));
  exports.Set("libbpfLinkage", Napi::Function::New<LibbpfLinkage>(env));
}
