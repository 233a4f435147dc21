#pragma once

#include <napi.h>

/// `probeLink(kind)` -> `{ supported, errno }`: whether the kernel makes links of that kind, by asking it for one that it must refuse for another reason.
Napi::Value ProbeLink(const Napi::CallbackInfo& info);
