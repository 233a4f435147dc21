#include "failure.h"

#include <bpf/libbpf.h>

void ThrowFailure(Napi::Env env, int error, const std::string& log) {
  char reason[256] = "";
  libbpf_strerror(error, reason, sizeof(reason));
  Napi::Error failure = Napi::Error::New(env, reason);
  failure.Set("errno", Napi::Number::New(env, error));
  failure.Set("reason", Napi::String::New(env, reason));
  failure.Set("log", Napi::String::New(env, log));
  failure.ThrowAsJavaScriptException();
}

Napi::Value Done(Napi::Env env, int result, const std::string& log) {
  if (result < 0) ThrowFailure(env, -result, log);
  return env.Undefined();
}
