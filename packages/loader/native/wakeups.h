#pragma once

#include <node_api.h>
#include <uv.h>

#include <cstdint>

/// Decides when a consumer reads, on the event loop's own thread.
///
/// It polls a descriptor. A keen consumer is woken for every event, which slows the traced process more than anything
/// else does; so after more than 8 wake-ups in 10 ms it stops polling and reads on a timer, and polls again when a tick
/// brings 16 records or fewer. What one turn left behind is read in the loop's next round, after other work.
///
/// The kernel forgets that a perf buffer is readable once anybody has asked, and libuv's registration of a descriptor
/// asks already. So every time that polling begins, the source is read once more after the registration, which libuv makes in
/// the poll phase of the round.
class Wakeups {
 public:
  struct Turn {
    uint32_t records;
    bool more;
  };

  class Client {
   public:
    virtual Turn OnWake() = 0;
    /// Polling has failed; `reason` is static text. There will be no more calls.
    virtual void OnPollFailure(const char* reason) = 0;
    /// The environment ends (a worker stops): this Wakeups has closed itself and must be forgotten.
    virtual void OnEnvironmentEnd() = 0;

   protected:
    ~Client() = default;
  };

  /// `client` must outlive the call of Close, or of OnEnvironmentEnd. `fd` must stay open until then.
  /// `tickMs` 0 turns the timer off. Null, with a positive errno, when the descriptor cannot be polled.
  static Wakeups* Start(napi_env env, int fd, unsigned tickMs, Client* client, int* error);

  /// No calls until Resume, which reads at once what has come meanwhile. Each is safe to call twice.
  void Pause();
  void Resume();

  /// Stops at once: no call comes after it. The object deletes itself when the loop has let go of its handles.
  void Close();

 private:
  Wakeups(unsigned tickMs, Client* client) : tickMs_(tickMs), client_(client) {}

  static void OnPoll(uv_poll_t* poll, int status, int events);
  static void OnTimer(uv_timer_t* timer);
  static void OnRound(uv_idle_t* idle);
  static void OnClosed(uv_handle_t* handle);
  static void OnCleanup(napi_async_cleanup_hook_handle handle, void* self);

  /// Why a turn takes place: the descriptor is readable, the time has come, or polling has just begun.
  enum class Cause { kReadable, kTime, kRegistered };

  void Run(Cause cause);
  void Poll();
  void TickAfter(unsigned ms);
  void ReadNextRound();
  void RunAfterRounds(unsigned rounds, Cause cause);
  bool TooManyWakeups();

  const unsigned tickMs_;
  // Borrowed; see Start.
  Client* client_;
  uv_poll_t poll_{};
  uv_timer_t timer_{};
  uv_idle_t idle_{};
  // Keeps the environment waiting for OnClosed when it ends; removed there.
  napi_async_cleanup_hook_handle cleanup_ = nullptr;
  int openHandles_ = 3;
  // What the idle handle, which runs at the start of each round, is counting down to.
  unsigned roundsLeft_ = 0;
  Cause roundCause_ = Cause::kTime;
  uint64_t windowStartNs_ = 0;
  unsigned wakeupsInWindow_ = 0;
  bool paused_ = false;
};
