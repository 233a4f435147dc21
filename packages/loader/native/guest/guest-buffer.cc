#include "guest-buffer.h"

#include <poll.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "../addon-data.h"
#include "../arguments.h"
#include "../failure.h"
#include "../perf-source.h"
#include "../ring-source.h"

namespace {

constexpr uint64_t kWindowNs = 10'000'000;
constexpr unsigned kWakeupsPerWindow = 8;

enum Answer { kTimeout = 0, kEvents = 1, kControl = 2 };

uint64_t NowNs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

/// Waits for the other side to say something while the events gather.
Answer Gather(int controlFd, int tickMs) {
  pollfd control{controlFd, POLLIN, 0};
  return poll(&control, 1, tickMs) > 0 ? kControl : kEvents;
}

}  // namespace

void GuestBuffer::Define(Napi::Env env, Napi::Object exports) {
  env.GetInstanceData<AddonData>()->guestBuffer = Napi::Persistent(DefineClass(
      env, "GuestBuffer",
      {InstanceMethod("read", &GuestBuffer::Read), InstanceMethod("wait", &GuestBuffer::Wait),
       InstanceMethod("lost", &GuestBuffer::Lost), InstanceMethod("close", &GuestBuffer::Close)}));
  exports.Set("openGuestRing", Napi::Function::New<&GuestBuffer::OpenRing>(env));
  exports.Set("openGuestPerf", Napi::Function::New<&GuestBuffer::OpenPerf>(env));
}

Napi::Value GuestBuffer::OpenRing(const Napi::CallbackInfo& info) {
  int32_t fd = -1;
  if (!ReadInt32(info, 0, &fd)) return info.Env().Undefined();
  int error = 0;
  std::unique_ptr<EventSource> source = RingSource::Open(fd, &error);
  return Make(info.Env(), std::move(source), error);
}

Napi::Value GuestBuffer::OpenPerf(const Napi::CallbackInfo& info) {
  std::vector<int> fds;
  std::vector<int> cpus;
  uint32_t pages = 0;
  if (!ReadInt32s(info, 0, &fds) || !ReadInt32s(info, 1, &cpus) || !ReadUint32(info, 2, &pages)) {
    return info.Env().Undefined();
  }
  int error = EINVAL;
  std::unique_ptr<EventSource> source;
  if (fds.size() == cpus.size()) source = PerfSource::Adopt(std::move(fds), std::move(cpus), pages, &error);
  return Make(info.Env(), std::move(source), error);
}

Napi::Value GuestBuffer::Make(Napi::Env env, std::unique_ptr<EventSource> source, int error) {
  if (source == nullptr) return Done(env, -error);
  const Napi::Object made = env.GetInstanceData<AddonData>()->guestBuffer.New({});
  GuestBuffer::Unwrap(made)->source_ = std::move(source);
  return made;
}

/// `read(out)`: the bytes that were written into it, whole records; where a record needs more room than there is at all, minus what it needs.
Napi::Value GuestBuffer::Read(const Napi::CallbackInfo& info) {
  const uint8_t* out = nullptr;
  size_t size = 0;
  if (!ReadBytes(info, 0, &out, &size)) return info.Env().Undefined();
  if (source_ == nullptr) return Napi::Number::New(info.Env(), 0);
  const ReadResult result = source_->Read(const_cast<uint8_t*>(out), size);
  if (result.broken != nullptr && result.records == 0) {
    ThrowFailure(info.Env(), EBADMSG, result.broken);
    return info.Env().Undefined();
  }
  const double bytes = result.needed > 0 ? -static_cast<double>(result.needed) : static_cast<double>(result.bytes);
  return Napi::Number::New(info.Env(), bytes);
}

/// `wait(controlFd, timeoutMs)`: 0 after the time, 1 when there are events, 2 when the other process has said something or has ended.
/// Where events come thick, each wake-up would slow what is traced down, so they are left to gather for a while.
Napi::Value GuestBuffer::Wait(const Napi::CallbackInfo& info) {
  int32_t controlFd = -1;
  int32_t timeoutMs = 0;
  if (!ReadInt32(info, 0, &controlFd) || !ReadInt32(info, 1, &timeoutMs)) return info.Env().Undefined();
  pollfd waiting[2] = {{controlFd, POLLIN, 0}, {source_ == nullptr ? -1 : source_->PollFd(), POLLIN, 0}};
  const int ready = poll(waiting, 2, timeoutMs);
  Answer answer = kTimeout;
  if (ready > 0) answer = waiting[0].revents != 0 ? kControl : kEvents;
  const int tickMs = source_ == nullptr ? 0 : static_cast<int>(source_->TickMs());
  if (answer == kEvents && timeoutMs != 0 && tickMs > 0 && TooManyWakeups()) {
    answer = Gather(controlFd, timeoutMs < 0 ? tickMs : std::min(timeoutMs, tickMs));
  }
  return Napi::Number::New(info.Env(), answer);
}

Napi::Value GuestBuffer::Lost(const Napi::CallbackInfo& info) {
  const uint64_t lost = source_ == nullptr ? 0 : source_->Lost();
  return Napi::Number::New(info.Env(), static_cast<double>(lost));
}

/// Safe to call twice.
Napi::Value GuestBuffer::Close(const Napi::CallbackInfo& info) {
  source_.reset();
  return info.Env().Undefined();
}

bool GuestBuffer::TooManyWakeups() {
  const uint64_t now = NowNs();
  if (now - windowStartNs_ > kWindowNs) {
    windowStartNs_ = now;
    wakeupsInWindow_ = 0;
  }
  return ++wakeupsInWindow_ > kWakeupsPerWindow;
}
