#pragma once

#include <napi.h>

/// What belongs to one environment (the main thread, or one worker): the classes that native code itself makes.
struct AddonData {
  Napi::FunctionReference link;
  Napi::FunctionReference consumer;
  Napi::FunctionReference refusalCounter;
  Napi::FunctionReference guestBuffer;
};
