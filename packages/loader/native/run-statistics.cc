#include "run-statistics.h"

#include <bpf/bpf.h>

#include <cerrno>

#include "failure.h"

Napi::Value ProgramCounts(Napi::Env env, const bpf_program* program) {
  bpf_prog_info info{};
  uint32_t infoBytes = sizeof(info);
  const int error = bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &infoBytes);
  if (error < 0) {
    ThrowFailure(env, -error);
    return env.Undefined();
  }
  Napi::Object counts = Napi::Object::New(env);
  counts.Set("recursionMisses", Napi::BigInt::New(env, static_cast<uint64_t>(info.recursion_misses)));
  counts.Set("runs", Napi::BigInt::New(env, static_cast<uint64_t>(info.run_cnt)));
  counts.Set("runTimeNs", Napi::BigInt::New(env, static_cast<uint64_t>(info.run_time_ns)));
  return counts;
}

namespace {

Napi::Value EnableRunStatistics(const Napi::CallbackInfo& info) {
  const int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);
  if (fd < 0) ThrowFailure(info.Env(), -fd);
  return Napi::Number::New(info.Env(), fd);
}

}  // namespace

void DefineRunStatistics(Napi::Env env, Napi::Object exports) {
  exports.Set("enableRunStatistics", Napi::Function::New<EnableRunStatistics>(env));
}
