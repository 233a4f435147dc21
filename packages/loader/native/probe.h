#pragma once

#include <napi.h>

/// Adds `probeProgramType(number)`, `probeMapType(number)` and `libbpfVersion()`.
void DefineProbes(Napi::Env env, Napi::Object exports);
