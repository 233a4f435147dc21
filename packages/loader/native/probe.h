#pragma once

#include <napi.h>

/// Adds `probeProgramType(number)`, `probeMapType(number)`, `tryProgram(...)`, `tryMap(...)`, `libbpfVersion()` and
/// `libbpfLinkage()`.
void DefineProbes(Napi::Env env, Napi::Object exports);
