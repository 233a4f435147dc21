#include <bpf/bpf.h>

#include <cerrno>

#include "../arguments.h"
#include "../bpf-object.h"
#include "../failure.h"

/// `runSyscallProgram(program)` -> what it returned. It gets no context.
Napi::Value BpfObject::RunSyscallProgram(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  if (program == nullptr) return info.Env().Undefined();
  bpf_test_run_opts options{};
  options.sz = sizeof(options);
  const int error = bpf_prog_test_run_opts(bpf_program__fd(program), &options);
  if (error < 0) {
    ThrowFailure(info.Env(), -error);
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), static_cast<int32_t>(options.retval));
}
