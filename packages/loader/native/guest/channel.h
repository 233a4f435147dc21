#pragma once

#include <napi.h>

/// Adds `socketPair()`, `sendFrame(fd, bytes, descriptors)`, `receiveFrame(fd)` and `waitReadable(fd, timeoutMs)` to the exports: how the process of a guest and the
/// one that works for it talk.
void DefineGuestChannel(Napi::Env env, Napi::Object exports);
