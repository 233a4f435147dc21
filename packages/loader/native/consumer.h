#pragma once

#include <napi.h>

#include <memory>

#include "event-source.h"
#include "wakeups.h"

/// Hands the records of one map to JavaScript: `onBatch(bytes, count)`, where `bytes` is a view of a buffer that is used
/// again after the call, or `onBatch(undefined, 0, reason)` once when the source is broken, after which it is closed.
///
/// It keeps itself alive while it is open; JavaScript need not hold it.
class Consumer : public Napi::ObjectWrap<Consumer>, private Wakeups::Client {
 public:
  static Napi::Function Define(Napi::Env env);
  static Napi::Value Start(Napi::Env env, std::unique_ptr<EventSource> source, Napi::Function onBatch,
                           size_t batchBytes);

  /// Makes a closed one; only Start opens it.
  explicit Consumer(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Consumer>(info) {}
  ~Consumer() override;

 private:
  Napi::Value Drain(const Napi::CallbackInfo& info);
  Napi::Value Pause(const Napi::CallbackInfo& info);
  Napi::Value Resume(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  Napi::Value Buffer(const Napi::CallbackInfo& info);

  Wakeups::Turn OnWake() override;
  void OnPollFailure(const char* reason) override;
  void OnEnvironmentEnd() override { wakeups_ = nullptr; }

  ReadResult ReadBatch();
  bool GrowBatch(size_t bytes);
  void Deliver(const ReadResult& result, bool fromLoop);
  void Shut();
  void LookAtBuffer();

  std::unique_ptr<EventSource> source_;
  // Deletes itself after Close; null when closed.
  Wakeups* wakeups_ = nullptr;
  Napi::FunctionReference onBatch_;
  Napi::Reference<Napi::ArrayBuffer> batch_;
  size_t batchBytes_ = 0;
  // What the source said last, for after it is closed.
  struct {
    uint64_t lost = 0;
    uint64_t highWaterBytes = 0;
    size_t capacityBytes = 0;
    bool countsEveryLoss = false;
  } buffer_;
  bool delivering_ = false;
};
