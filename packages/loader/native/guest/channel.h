#pragma once

#include <napi.h>

/// Adds `socketPair()`, `sendFrame(fd, bytes, descriptors)` and `receiveFrame(fd)` to the exports: how the process of a guest and the
/// one that works for it talk.
void DefineGuestChannel(Napi::Env env, Napi::Object exports);
