#pragma once

#include <string>

/// Collects what libbpf says (warnings and information, the verifier's log among them) on this thread while it lives.
///
/// libbpf has one print function for the whole process. Ours is the same for every thread and finds the capture of the
/// thread that it is called on, so that worker threads which load at the same time do not mix their logs. What libbpf
/// says outside any capture is dropped: nothing of ours may write to the terminal behind JavaScript's back.
class LogCapture {
 public:
  LogCapture();
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  const std::string& Text() const { return text_; }
  void Append(const std::string& message);

 private:
  LogCapture* const outer_;
  std::string text_;
};
