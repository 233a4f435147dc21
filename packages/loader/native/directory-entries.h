#pragma once

#include <napi.h>

/// `readDirectory(fd, cookie, maxBytes)`: entries from a cookie on, 0 for the start, as many as the kernel puts into that many bytes; none at the end.
/// The descriptor's position is moved.
Napi::Value ReadDirectory(const Napi::CallbackInfo& info);
