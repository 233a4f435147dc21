#pragma once

#include <napi.h>

/// `unregisterStructOps(mapId)`: for a map that its owner left registered. Nothing happens where it is gone.
Napi::Value UnregisterStructOps(const Napi::CallbackInfo& info);
