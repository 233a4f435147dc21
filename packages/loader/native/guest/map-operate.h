#pragma once

#include <napi.h>

/// `mapOperate(fd, command, key, value, nextKey, flags)`: one of bpf(2)'s commands on an element of a map; 0 or a negative errno. Each of the
/// three is a Uint8Array, as long as the map wants it: the caller has looked; or undefined.
Napi::Value MapOperate(const Napi::CallbackInfo& info);
