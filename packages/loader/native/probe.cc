#include "probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

#include "arguments.h"
#include "failure.h"
#include "log-capture.h"

namespace {

constexpr uint32_t kTrialLogBytes = 16 * 1024;

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

// tryProgram(type, expectedAttachType, attachBtfId, sleepable, license, code): loads a program of a few instructions that nothing
// runs and closes it; gives { errno, log }. The log is that of the verifier; errno is 0 where it was taken.
Napi::Value TryProgram(const Napi::CallbackInfo& info) {
  uint32_t type = 0;
  uint32_t attach_type = 0;
  uint32_t attach_btf_id = 0;
  bool sleepable = false;
  std::string license;
  const uint8_t* code = nullptr;
  size_t size = 0;
  if (!ReadUint32(info, 0, &type) || !ReadUint32(info, 1, &attach_type) || !ReadUint32(info, 2, &attach_btf_id) ||
      !ReadBoolean(info, 3, &sleepable) || !ReadString(info, 4, &license) || !ReadBytes(info, 5, &code, &size)) {
    return info.Env().Undefined();
  }
  // The caller's bytes need not be aligned.
  std::vector<bpf_insn> instructions(size / sizeof(bpf_insn));
  memcpy(instructions.data(), code, instructions.size() * sizeof(bpf_insn));
  std::vector<char> log(kTrialLogBytes);
  LIBBPF_OPTS(bpf_prog_load_opts, options);
  options.expected_attach_type = static_cast<bpf_attach_type>(attach_type);
  options.attach_btf_id = attach_btf_id;
  options.prog_flags = sleepable ? BPF_F_SLEEPABLE : 0;
  options.log_level = 1;
  options.log_buf = log.data();
  options.log_size = kTrialLogBytes;
  const LogCapture silence;
  const int fd = bpf_prog_load(static_cast<bpf_prog_type>(type), "ebpm_trial", license.c_str(), instructions.data(),
                               instructions.size(), &options);
  if (fd >= 0) close(fd);
  log.back() = '\0';
  Napi::Object answer = Napi::Object::New(info.Env());
  answer.Set("errno", Napi::Number::New(info.Env(), fd < 0 ? -fd : 0));
  answer.Set("log", Napi::String::New(info.Env(), log.data()));
  return answer;
}

// tryMap(type, keyBytes, valueBytes, entries, flags): makes a map that nothing uses and closes it; the errno, 0 where it was made.
Napi::Value TryMap(const Napi::CallbackInfo& info) {
  uint32_t numbers[5] = {};
  for (size_t index = 0; index < 5; index++) {
    if (!ReadUint32(info, index, &numbers[index])) return info.Env().Undefined();
  }
  LIBBPF_OPTS(bpf_map_create_opts, options);
  options.map_flags = numbers[4];
  const LogCapture silence;
  const int fd = bpf_map_create(static_cast<bpf_map_type>(numbers[0]), "ebpm_trial", numbers[1], numbers[2], numbers[3],
                                &options);
  if (fd >= 0) close(fd);
  return Napi::Number::New(info.Env(), fd < 0 ? -fd : 0);
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
  exports.Set("tryProgram", Napi::Function::New<TryProgram>(env));
  exports.Set("tryMap", Napi::Function::New<TryMap>(env));
  exports.Set("libbpfVersion", Napi::Function::New<LibbpfVersion>(env));
  exports.Set("libbpfLinkage", Napi::Function::New<LibbpfLinkage>(env));
}
