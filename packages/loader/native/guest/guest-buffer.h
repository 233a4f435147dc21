#pragma once

#include <napi.h>

#include <memory>

#include "../event-source.h"

/// Events for a guest, which asks for them and waits: `openGuestRing(fd)` and `openGuestPerf(fds, cpus, pages)` make one of descriptors
/// that another process has opened. Methods: `read(out)`, `wait(controlFd, timeoutMs)`, `lost()`, `close()`.
class GuestBuffer : public Napi::ObjectWrap<GuestBuffer> {
 public:
  static void Define(Napi::Env env, Napi::Object exports);
  explicit GuestBuffer(const Napi::CallbackInfo& info) : Napi::ObjectWrap<GuestBuffer>(info) {}

 private:
  static Napi::Value OpenRing(const Napi::CallbackInfo& info);
  static Napi::Value OpenPerf(const Napi::CallbackInfo& info);
  static Napi::Value Make(Napi::Env env, std::unique_ptr<EventSource> source, int error);

  Napi::Value Read(const Napi::CallbackInfo& info);
  Napi::Value Wait(const Napi::CallbackInfo& info);
  Napi::Value Lost(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  bool TooManyWakeups();

  std::unique_ptr<EventSource> source_;
  uint64_t windowStartNs_ = 0;
  unsigned wakeupsInWindow_ = 0;
};
