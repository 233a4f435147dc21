#include "refusal-counter.h"

#include <utility>

#include "addon-data.h"
#include "failure.h"

Napi::Function RefusalCounter::Define(Napi::Env env) {
  return DefineClass(env, "RefusalCounter",
                     {InstanceMethod("counts", &RefusalCounter::Counts), InstanceMethod("missed", &RefusalCounter::Missed),
                      InstanceMethod("close", &RefusalCounter::Close)});
}

Napi::Value RefusalCounter::Adopt(Napi::Env env, std::unique_ptr<Refusals> refusals) {
  const Napi::Object wrapper = env.GetInstanceData<AddonData>()->refusalCounter.New({});
  if (!env.IsExceptionPending()) Unwrap(wrapper)->refusals_ = std::move(refusals);
  return wrapper;
}

/// An array of BigInts: of each map how many entries it refused.
Napi::Value RefusalCounter::Counts(const Napi::CallbackInfo& info) {
  const int error = Update();
  if (error < 0) {
    ThrowFailure(info.Env(), -error);
    return info.Env().Undefined();
  }
  const Napi::Array list = Napi::Array::New(info.Env());
  for (const uint64_t count : counts_) list.Set(list.Length(), Napi::BigInt::New(info.Env(), count));
  return list;
}

Napi::Value RefusalCounter::Missed(const Napi::CallbackInfo& info) {
  const int error = Update();
  if (error < 0) ThrowFailure(info.Env(), -error);
  return Napi::BigInt::New(info.Env(), missed_);
}

Napi::Value RefusalCounter::Close(const Napi::CallbackInfo& info) {
  const int error = Update();
  refusals_.reset();
  if (error < 0) ThrowFailure(info.Env(), -error);
  return info.Env().Undefined();
}

int RefusalCounter::Update() {
  if (refusals_ == nullptr) return 0;
  const int error = refusals_->Read(&counts_);
  return error < 0 ? error : refusals_->ReadMissed(&missed_);
}
