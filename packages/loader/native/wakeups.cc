#include "wakeups.h"

namespace {

constexpr uint64_t kWindowNs = 10'000'000;
constexpr unsigned kWakeupsPerWindow = 8;
constexpr uint32_t kQuietRecords = 16;

}  // namespace

Wakeups* Wakeups::Start(napi_env env, int fd, unsigned tickMs, Client* client, int* error) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) {
    *error = -UV_ENOSYS;
    return nullptr;
  }
  Wakeups* self = new Wakeups(tickMs, client);
  const int status = uv_poll_init(loop, &self->poll_, fd);
  if (status < 0) {
    delete self;
    *error = -status;
    return nullptr;
  }
  uv_timer_init(loop, &self->timer_);
  uv_idle_init(loop, &self->idle_);
  self->poll_.data = self;
  self->timer_.data = self;
  self->idle_.data = self;
  napi_add_async_cleanup_hook(env, OnCleanup, self, &self->cleanup_);
  self->Poll();
  return self;
}

void Wakeups::Close() {
  if (client_ == nullptr) return;
  client_ = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), OnClosed);
  uv_close(reinterpret_cast<uv_handle_t*>(&timer_), OnClosed);
  uv_close(reinterpret_cast<uv_handle_t*>(&idle_), OnClosed);
}

void Wakeups::Pause() {
  if (client_ == nullptr) return;
  paused_ = true;
  uv_poll_stop(&poll_);
  uv_timer_stop(&timer_);
  uv_idle_stop(&idle_);
}

void Wakeups::Resume() {
  if (client_ == nullptr || !paused_) return;
  paused_ = false;
  RunAfterRounds(1, Cause::kTime);
}

void Wakeups::OnPoll(uv_poll_t* poll, int status, int) {
  Wakeups* self = static_cast<Wakeups*>(poll->data);
  if (status < 0) {
    self->client_->OnPollFailure(uv_strerror(status));
    return;
  }
  self->Run(Cause::kReadable);
}

void Wakeups::OnTimer(uv_timer_t* timer) { static_cast<Wakeups*>(timer->data)->Run(Cause::kTime); }

void Wakeups::OnRound(uv_idle_t* idle) {
  Wakeups* self = static_cast<Wakeups*>(idle->data);
  if (--self->roundsLeft_ > 0) return;
  uv_idle_stop(idle);
  self->Run(self->roundCause_);
}

void Wakeups::Run(Cause cause) {
  const Turn turn = client_->OnWake();
  if (client_ == nullptr || paused_) return;
  if (turn.more) return ReadNextRound();
  switch (cause) {
    case Cause::kRegistered:
      return;
    case Cause::kReadable:
      // A record that a program still writes makes the descriptor readable: do not spin on it.
      if (turn.records == 0) return TickAfter(1);
      if (tickMs_ > 0 && TooManyWakeups()) TickAfter(tickMs_);
      return;
    case Cause::kTime:
      if (tickMs_ == 0 || turn.records <= kQuietRecords) return Poll();
      return TickAfter(tickMs_);
  }
}

/// The second round from now begins after the poll phase in which libuv registers the descriptor.
void Wakeups::Poll() {
  uv_poll_start(&poll_, UV_READABLE, OnPoll);
  RunAfterRounds(2, Cause::kRegistered);
}

void Wakeups::TickAfter(unsigned ms) {
  uv_poll_stop(&poll_);
  uv_idle_stop(&idle_);
  uv_timer_start(&timer_, OnTimer, ms, 0);
}

void Wakeups::ReadNextRound() {
  uv_poll_stop(&poll_);
  RunAfterRounds(1, Cause::kTime);
}

/// With an idle handle, since a timer of 0 ms that is set again in its own callback would keep libuv within its timers.
void Wakeups::RunAfterRounds(unsigned rounds, Cause cause) {
  roundsLeft_ = rounds;
  roundCause_ = cause;
  uv_idle_start(&idle_, OnRound);
}

bool Wakeups::TooManyWakeups() {
  const uint64_t now = uv_hrtime();
  if (now - windowStartNs_ > kWindowNs) {
    windowStartNs_ = now;
    wakeupsInWindow_ = 0;
  }
  return ++wakeupsInWindow_ > kWakeupsPerWindow;
}

void Wakeups::OnClosed(uv_handle_t* handle) {
  Wakeups* self = static_cast<Wakeups*>(handle->data);
  if (--self->openHandles_ > 0) return;
  napi_remove_async_cleanup_hook(self->cleanup_);
  delete self;
}

void Wakeups::OnCleanup(napi_async_cleanup_hook_handle, void* data) {
  Wakeups* self = static_cast<Wakeups*>(data);
  // Null when Close came first and the loop has yet to let go.
  if (self->client_ == nullptr) return;
  self->client_->OnEnvironmentEnd();
  self->Close();
}
