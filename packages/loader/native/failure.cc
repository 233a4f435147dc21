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
