#include "consumer.h"

#include <algorithm>
#include <utility>

#include "addon-data.h"
#include "failure.h"

Napi::Function Consumer::Define(Napi::Env env) {
  return DefineClass(env, "Consumer",
                     {InstanceMethod("drain", &Consumer::Drain), InstanceMethod("close", &Consumer::Close),
                      InstanceMethod("pause", &Consumer::Pause), InstanceMethod("resume", &Consumer::Resume),
                      InstanceMethod("buffer", &Consumer::Buffer)});
}

Napi::Value Consumer::Start(Napi::Env env, std::unique_ptr<EventSource> source, Napi::Function onBatch,
                            size_t batchBytes) {
  const Napi::Object wrapper = env.GetInstanceData<AddonData>()->consumer.New({});
  if (env.IsExceptionPending()) return env.Undefined();
  Consumer* self = Unwrap(wrapper);
  int error = 0;
  self->wakeups_ = Wakeups::Start(env, source->PollFd(), source->TickMs(), self, &error);
  if (self->wakeups_ == nullptr) {
    ThrowFailure(env, error);
    return env.Undefined();
  }
  self->source_ = std::move(source);
  self->onBatch_ = Napi::Persistent(onBatch);
  self->batchBytes_ = batchBytes;
  self->Ref();
  return wrapper;
}

Consumer::~Consumer() {
  // Still open only where the environment ended first; the source's descriptor is closed after the polling has stopped.
  if (wakeups_ != nullptr) wakeups_->Close();
}

Wakeups::Turn Consumer::OnWake() {
  const Napi::HandleScope scope(Env());
  // A handle of this scope keeps the object alive through a callback that closes it.
  Value();
  const ReadResult result = ReadBatch();
  Deliver(result, true);
  return {result.records, result.more};
}

void Consumer::OnPollFailure(const char* reason) {
  const Napi::HandleScope scope(Env());
  Value();
  ReadResult result;
  result.broken = reason;
  Deliver(result, true);
}

/// Hands over everything that was there when it was called: at most what the source can hold, so that a fast producer
/// cannot keep it going for ever.
Napi::Value Consumer::Drain(const Napi::CallbackInfo& info) {
  // Within a callback the batch is in use; the records come with the next turn.
  if (delivering_) return info.Env().Undefined();
  for (size_t drained = 0; source_ != nullptr && drained < source_->TotalBytes();) {
    const Napi::HandleScope scope(info.Env());
    const ReadResult result = ReadBatch();
    Deliver(result, false);
    if (!result.more || info.Env().IsExceptionPending()) break;
    drained += result.bytes;
  }
  return info.Env().Undefined();
}

Napi::Value Consumer::Pause(const Napi::CallbackInfo& info) {
  if (wakeups_ != nullptr) wakeups_->Pause();
  return info.Env().Undefined();
}

Napi::Value Consumer::Resume(const Napi::CallbackInfo& info) {
  if (wakeups_ != nullptr) wakeups_->Resume();
  return info.Env().Undefined();
}

Napi::Value Consumer::Close(const Napi::CallbackInfo& info) {
  Shut();
  return info.Env().Undefined();
}

/// `{ lost, highWaterBytes, capacityBytes, countsEveryLoss }`
Napi::Value Consumer::Buffer(const Napi::CallbackInfo& info) {
  LookAtBuffer();
  Napi::Object row = Napi::Object::New(info.Env());
  row.Set("lost", Napi::BigInt::New(info.Env(), buffer_.lost));
  row.Set("highWaterBytes", static_cast<double>(buffer_.highWaterBytes));
  row.Set("capacityBytes", static_cast<double>(buffer_.capacityBytes));
  row.Set("countsEveryLoss", buffer_.countsEveryLoss);
  return row;
}

ReadResult Consumer::ReadBatch() {
  ReadResult result;
  size_t wanted = batchBytes_;
  do {
    if (!GrowBatch(wanted)) {
      result.broken = "there is no memory for a batch";
      return result;
    }
    Napi::ArrayBuffer buffer = batch_.Value();
    // The pointer is used before JavaScript runs again, which alone could free or detach the buffer.
    result = source_->Read(static_cast<uint8_t*>(buffer.Data()), buffer.ByteLength());
    wanted = result.needed;
  } while (wanted > 0);
  return result;
}

/// Makes the batch at least that large. Its length is 0 where the callback has transferred it to another thread.
bool Consumer::GrowBatch(size_t bytes) {
  if (!batch_.IsEmpty() && batch_.Value().ByteLength() >= bytes) return true;
  const Napi::Env env = Env();
  napi_value buffer;
  if (napi_create_arraybuffer(env, bytes, nullptr, &buffer) != napi_ok) {
    napi_value exception;
    if (env.IsExceptionPending()) napi_get_and_clear_last_exception(env, &exception);
    return false;
  }
  batch_ = Napi::Persistent(Napi::ArrayBuffer(env, buffer));
  return true;
}

/// A worker may be ended at any moment, and then no JavaScript runs any more: calls fail without an exception, where
/// node-addon-api's wrappers would end the process. So what may run JavaScript is asked for its status.
void Consumer::Deliver(const ReadResult& result, bool fromLoop) {
  const Napi::Env env = Env();
  if (result.records == 0 && result.broken == nullptr) return;
  napi_value arguments[3] = {env.Undefined(), Napi::Number::New(env, result.records), env.Undefined()};
  napi_status status = napi_ok;
  if (result.records > 0) {
    status = napi_create_typedarray(env, napi_uint8_array, result.bytes, batch_.Value(), 0, &arguments[0]);
  }
  if (result.broken != nullptr) arguments[2] = Napi::String::New(env, result.broken);

  delivering_ = true;
  const napi_value global = env.Global();
  const napi_value onBatch = onBatch_.Value();
  if (status == napi_ok) {
    status = fromLoop ? napi_make_callback(env, nullptr, global, onBatch, 3, arguments, nullptr)
                      : napi_call_function(env, global, onBatch, 3, arguments, nullptr);
  }
  delivering_ = false;
  if (result.broken != nullptr || status != napi_ok) Shut();
  // TypeScript's callback throws nothing. What arrives here all the same has no caller but the process.
  napi_value exception;
  if (fromLoop && env.IsExceptionPending() && napi_get_and_clear_last_exception(env, &exception) == napi_ok) {
    napi_fatal_exception(env, exception);
  }
}

void Consumer::Shut() {
  if (source_ == nullptr) return;
  if (wakeups_ != nullptr) wakeups_->Close();
  wakeups_ = nullptr;
  LookAtBuffer();
  source_.reset();
  onBatch_.Reset();
  batch_.Reset();
  Unref();
}

void Consumer::LookAtBuffer() {
  if (source_ == nullptr) return;
  buffer_ = {source_->Lost(), source_->HighWaterBytes(), source_->CapacityBytes(), source_->CountsEveryLoss()};
}
