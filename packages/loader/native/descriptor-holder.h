#pragma once

#include <napi.h>

/// Adds `holdDescriptors()` to the exports.
void DefineDescriptorHolder(Napi::Env env, Napi::Object exports);
