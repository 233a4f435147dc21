#pragma once

#include <napi.h>

#include <memory>

#include "refusals.h"

/// `Refusals` for JavaScript: `counts()`, `missed()`, `close()`. Closed, it counts no more and answers with what it had.
class RefusalCounter : public Napi::ObjectWrap<RefusalCounter> {
 public:
  static Napi::Function Define(Napi::Env env);
  static Napi::Value Adopt(Napi::Env env, std::unique_ptr<Refusals> refusals);

  /// Makes a closed one; only Adopt opens it.
  explicit RefusalCounter(const Napi::CallbackInfo& info) : Napi::ObjectWrap<RefusalCounter>(info) {}

 private:
  Napi::Value Counts(const Napi::CallbackInfo& info);
  Napi::Value Missed(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  /// Takes over what the kernel has counted; a negative errno when it cannot be read.
  int Update();

  // Null when closed.
  std::unique_ptr<Refusals> refusals_;
  std::vector<uint64_t> counts_;
  uint64_t missed_ = 0;
};
