#include "log-capture.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>

namespace {

// Points to a capture on this thread's own stack, or to nothing; it never outlives the call that set it.
thread_local LogCapture* current = nullptr;

// One message may be a verifier log of 16 MB or more. Its first line names the program and its end says why.
constexpr size_t kMessageHead = 1024;
constexpr size_t kMessageTail = 256 * 1024;
constexpr size_t kTextLimit = 1024 * 1024;

int Print(enum libbpf_print_level level, const char* format, va_list arguments) {
  if (current == nullptr || level == LIBBPF_DEBUG) return 0;
  va_list again;
  va_copy(again, arguments);
  const int length = vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (length <= 0) return 0;
  std::string message(static_cast<size_t>(length) + 1, '\0');
  vsnprintf(message.data(), message.size(), format, arguments);
  message.resize(static_cast<size_t>(length));
  current->Append(message);
  return length;
}

}  // namespace

LogCapture::LogCapture() : outer_(current) {
  current = this;
  // Every time, because another copy of the addon in this process may have set its own since.
  libbpf_set_print(Print);
}

LogCapture::~LogCapture() { current = outer_; }

void LogCapture::Append(const std::string& message) {
  if (message.size() <= kMessageHead + kMessageTail) {
    text_ += message;
  } else {
    text_.append(message, 0, kMessageHead).append("\n...\n").append(message, message.size() - kMessageTail);
  }
  if (text_.size() > kTextLimit) text_.erase(0, text_.size() - kTextLimit);
}
